"""What one statement says, before anything is concluded from it."""

from __future__ import annotations

from dataclasses import dataclass

from stromal.facts.problem import Problem
from stromal.nature.variant_change import Change
from stromal.nature.variant_genes import named_by_rsid, transcript
from stromal.nature.variant_text import Token

# Words that name what was looked at; a negation among them could belong to either side.
SUBJECTS = frozenset({"gene", "exon", "numbers", "change", "legacy", "pair", "rsid", "gene word"})

FAMILIES = ("NF1", "SDH", "RAS", "NTRK", "FGFR")


@dataclass(frozen=True, slots=True)
class Said:
    """The tokens of a statement, by kind, in their order."""

    tokens: tuple[Token, ...]
    by_kind: dict[str, tuple[Token, ...]]
    genes: tuple[str, ...] = ()

    def has(self, kind: str, *values: str) -> bool:
        """Whether a token of this kind (with one of these values, if any are given) is there."""
        found = self.by_kind.get(kind, ())
        return any(token.value in values for token in found) if values else bool(found)

    def words(self, kind: str) -> tuple[str, ...]:
        """The different values of the tokens of a kind, in order."""
        if kind not in self.by_kind:
            return ()
        values = (t.value for t in self.by_kind[kind] if isinstance(t.value, str))
        return tuple(dict.fromkeys(values))

    def changes(self, level: str) -> tuple[Change, ...]:
        """The different changes written at a level, `p` or `c`."""
        if "change" not in self.by_kind:
            return ()
        values = (t.value for t in self.by_kind["change"])
        return tuple(dict.fromkeys(v for v in values if isinstance(v, Change) and v.level == level))

    def numbers(self, kind: str) -> tuple[int, ...]:
        """All numbers in the tokens of a kind, once each."""
        if kind not in self.by_kind:
            return ()
        values = (t.value for t in self.by_kind[kind] if isinstance(t.value, tuple))
        return tuple(dict.fromkeys(n for value in values for n in value if isinstance(n, int)))


def said(tokens: tuple[Token, ...]) -> Said:
    """The tokens sorted by kind."""
    found: dict[str, list[Token]] = {}
    for token in tokens:
        found.setdefault(token.kind, []).append(token)
    by_kind = {kind: tuple(group) for kind, group in found.items()}
    return Said(tokens, by_kind, genes_of(Said(tokens, by_kind)))


def genes_of(statement: Said) -> tuple[str, ...]:
    """The genes that the statement names, by symbol, word or sequence accession."""
    families = [word for word in statement.words("gene word") if word in FAMILIES]
    symbols = list(statement.words("gene"))
    known = [transcript(word) for word in statement.words("transcript")]
    by_rsid = _genes_by_rsid(statement) if not symbols else []
    named = [*symbols, *families, *(found.gene for found in known if found), *by_rsid]
    if len(named) > 1 and statement.has("change"):
        named = [gene for gene in named if gene != "RAS" or len(set(named)) == 1]
    return tuple(dict.fromkeys(named))


def _genes_by_rsid(statement: Said) -> list[str]:
    genes = {named.gene for rsid in statement.words("rsid") for named in named_by_rsid(rsid)}
    return list(genes) if len(genes) == 1 else []


def isoform_minus(statement: Said) -> bool:
    """Whether the statement says that it numbers KIT by the isoform GNNK-."""
    known = [transcript(word) for word in statement.words("transcript")]
    return statement.has("isoform") or any(t and t.isoform == "GNNK-" for t in known)


def negation(statement: Said) -> str | None:
    """`wild` or `not found` where the statement denies a change, else None."""
    words = statement.words("wild")
    if words:
        return "wild" if "wild" in words else "not found"
    subject = statement.has("change") or statement.has("exon") or statement.has("mutated")
    if statement.has("negative") and subject and not statement.has("assay"):
        return "not found"
    return None


def misplaced_negation(statement: Said) -> Token | None:
    """A denial that stands between two subjects, so that it could belong to either."""
    places = [t.start for t in statement.tokens if t.kind in SUBJECTS]
    for token in (*statement.by_kind.get("wild", ()), *statement.by_kind.get("negative", ())):
        before = any(place < token.start for place in places)
        after = any(place > token.start for place in places)
        if before and after:
            return token
    return None


def text_problems(statement: Said) -> tuple[Problem, ...]:
    """What keeps the words from being believed: unknown words, doubt, misplaced denial."""
    found = [*_unread(statement), *_hedged(statement)]
    denial = misplaced_negation(statement)
    if denial:
        found.append(
            Problem(
                denial.text,
                f'several findings: "{denial.text}" stands between them',
                "write each finding and each wild-type result as a statement of its own",
            )
        )
    return tuple(found)


def _unread(statement: Said) -> list[Problem]:
    words = " ".join(token.text for token in statement.by_kind.get("unread", ()))
    if not words:
        return []
    return [
        Problem(
            words,
            f'not understood: "{words}"',
            'write gene, exon and change, for instance "KIT exon 11 p.Trp557_Lys558del"',
        )
    ]


def _hedged(statement: Said) -> list[Problem]:
    kinds = statement.by_kind
    return [
        Problem(
            token.text,
            f'"{token.text}" leaves it open whether the change is there',
            "ask the laboratory for a definite result",
        )
        for token in statement.by_kind.get("hedge", ())
        if not (token.text.lower() == "or" and statement.has("wild") and "change" not in kinds)
    ]
