"""The patient's copy as one page of HTML: no other file needed, readable in print and in grey."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from stromal.cli.pages.patient_page import Work, icon_words, numbered_works, references, sign_states
from stromal.library import Library
from stromal.patient_copy.make import AnsweredQuestion, Part, PatientCopy
from stromal.patient_copy.sentences import Sentence
from stromal.patient_copy.texts import Language

_LANGUAGE = {"zh": "zh-Hans"}
_STEP, _RADIUS, _ROW, _INK = 20, 7, 20, "#0b4f8a"
# Filled against hollow, not one colour against another: the drawing reads in grey and in print.
STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 18px/1.55 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; color: #111;
  background: #fff; max-width: 44rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; padding-top: .6rem; border-top: 2px solid #0b4f8a; }
h3 { font-size: 1rem; margin: 1rem 0 .1rem; }
p { margin: .35rem 0; } ul { margin: .35rem 0; padding-left: 1.3rem; } li { margin: .3rem 0; }
html:lang(zh-Hans) body { font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
  "Noto Sans SC", sans-serif; }
.day { white-space: nowrap; }
.released { color: #444; margin: 0 0 1rem; }
sup, .sources, .doubt { color: #444; font-size: .75rem; }
sup a { color: inherit; text-decoration: none; }
.call { border: 3px solid #111; border-left-width: 12px;
  padding: .2rem 1rem .8rem; margin-top: 2rem; }
.call h2 { border: 0; margin: .4rem 0; padding: 0; }
figure { margin: .5rem 0 1rem; } figure svg { width: 100%; max-width: 26rem; height: auto; }
figcaption { color: #444; font-size: .85rem; }
dt { font-weight: 600; float: left; clear: left; margin-right: .4rem; } dd { margin: .2rem 0; }
.sources { overflow-wrap: anywhere; } .sources li { margin: .15rem 0; }
.ask { border-bottom: 1px solid #999; padding-bottom: 1.6rem; list-style: square; }
@media print { body { font-size: 12pt; max-width: none; padding: 0; } a { color: inherit; }
  h2, h3 { break-after: avoid; } figure, .call, li { break-inside: avoid; }
  @page { margin: 18mm; } }
"""


def patient_html(library: Library, language: Language, copy: PatientCopy) -> str:
    """The page; every sentence leads by its number to the row and source it stands on."""
    works = numbered_works(library, language, copy)
    phrases = language.phrases
    code = _LANGUAGE.get(language.code, language.code)
    released = phrases["released"].format(by=copy.released_by, day=copy.day)
    body = [
        f"<h1>{escape(phrases['title'])}</h1>",
        f'<p class="released">{escape(released)}</p>',
        *(line for part in copy.parts for line in _part(language, works, part)),
        *_questions(language, works, copy.questions),
        *_ask(language, copy.to_ask),
        *_glossary(language, copy),
        *_works(language, works),
    ]
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="{escape(code)}">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(phrases['title'])}</title>\n<style>{STYLE}</style>\n</head>\n<body>",
            *body,
            "</body>\n</html>\n",
        ]
    )


def _part(language: Language, works: Sequence[Work], part: Part) -> Iterator[str]:
    kind = "call" if part.id == "call" else "part"
    yield f'<section class="{kind}" id="{escape(part.id)}"><h2>{escape(part.title)}</h2>'
    for sentence in part.sentences:
        yield f"<p>{_said(language, works, sentence)}</p>"
        if sentence.share:
            yield _figure(language, sentence)
    if part.items:
        items = (f"<li>{_said(language, works, item)}</li>" for item in part.items)
        yield f"<ul>{''.join(items)}</ul>"
    yield "</section>"


def _said(language: Language, works: Sequence[Work], sentence: Sentence) -> str:
    numbers = references(works, sentence)
    links = re.sub(r"\d+", lambda n: f'<a href="#source-{n[0]}">{n[0]}</a>', numbers)
    doubt = language.phrases["unconfirmed"] if sentence.unconfirmed else ""
    mark = f' <span class="doubt">({escape(doubt)})</span>' if doubt else ""
    words = re.sub(r"\d{4}-\d\d-\d\d", r'<span class="day">\g<0></span>', escape(sentence.words))
    return f"{words}{mark}\u00a0<sup>{links}</sup>"


def _figure(language: Language, sentence: Sentence) -> str:
    """A hundred circles (squares of harm); the last filled one only as far as the number says."""
    caption = escape(icon_words(language, sentence))
    draw = _square if sentence.drawn == "harm" else _circle
    signs = "".join(
        draw(number % _ROW, number // _ROW, filled)
        for number, filled in enumerate(sign_states(sentence.share))
    )
    size = f"0 0 {_ROW * _STEP} {100 // _ROW * _STEP}"
    drawing = f'<svg viewBox="{size}" role="img" aria-label="{caption}">{signs}</svg>'
    return f"<figure>{drawing}<figcaption>{caption}</figcaption></figure>"


def _circle(column: int, row: int, filled: float) -> str:
    x, y = column * _STEP + _STEP / 2, row * _STEP + _STEP / 2
    return _sign(f'circle cx="{x:g}" cy="{y:g}" r="{_RADIUS}"', filled)


def _square(column: int, row: int, filled: float) -> str:
    x, y = column * _STEP + _STEP / 2 - _RADIUS, row * _STEP + _STEP / 2 - _RADIUS
    return _sign(f'rect x="{x:g}" y="{y:g}" width="{2 * _RADIUS}" height="{2 * _RADIUS}"', filled)


def _sign(shape: str, filled: float) -> str:
    if filled == 1:
        return f'<{shape} fill="{_INK}" stroke="{_INK}" stroke-width="1.5"/>'
    ring = f'<{shape} fill="none" stroke="{_INK}" stroke-width="1.5"/>'
    if not filled:
        return ring
    clip = f"inset({2 * _RADIUS * (1 - filled):.2f}px 0 0 0)"
    return f'{ring}<{shape} fill="{_INK}" style="clip-path:{clip}"/>'


def _questions(
    language: Language, works: Sequence[Work], questions: Sequence[AnsweredQuestion]
) -> Iterator[str]:
    yield f'<section id="questions"><h2>{escape(language.phrases["section questions"])}</h2>'
    for question in questions:
        yield f"<h3>{escape(question.question)}</h3>"
        for answer in question.answers:
            yield f"<p>{_said(language, works, answer)}</p>"
        if not question.answers:
            yield f"<p>{escape(language.phrases['doctor answers'])}</p>"
    yield "</section>"


def _ask(language: Language, questions: Sequence[AnsweredQuestion]) -> Iterator[str]:
    """The questions that are left, each with room to write the answer down."""
    yield f'<section id="ask"><h2>{escape(language.phrases["section ask"])}</h2><ul>'
    for question in questions:
        yield f'<li class="ask">{escape(question.question)} {escape(question.ask)}</li>'
    yield "</ul></section>"


def _glossary(language: Language, copy: PatientCopy) -> Iterator[str]:
    yield f'<section id="words"><h2>{escape(language.phrases["section glossary"])}</h2><dl>'
    for term, meaning in copy.glossary:
        yield f"<dt>{escape(term)}:</dt><dd>{escape(meaning)}</dd>"
    yield "</dl></section>"


def _works(language: Language, works: Sequence[Work]) -> Iterator[str]:
    title = escape(language.phrases["section sources"])
    yield f'<section id="sources"><h2>{title}</h2><ol class="sources">'
    for work in works:
        places = "".join(f"<li>{escape(place)}</li>" for place in work.places)
        within = f"<ul>{places}</ul>" if places else ""
        yield f'<li id="source-{work.number}">{escape(work.title)}{within}</li>'
    yield "</ol></section>"
