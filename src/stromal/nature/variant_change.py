"""One change of a protein or of its coding sequence, from its spelling to one written form."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from stromal.nature.variant_genes import residue
from stromal.nature.variant_reading import Protein

THREE_LETTER = dict(
    zip(
        "ARNDCQEGHILKMFPSTWYV*",
        (
            "Ala",
            "Arg",
            "Asn",
            "Asp",
            "Cys",
            "Gln",
            "Glu",
            "Gly",
            "His",
            "Ile",
            "Leu",
            "Lys",
            "Met",
            "Phe",
            "Pro",
            "Ser",
            "Thr",
            "Trp",
            "Tyr",
            "Val",
            "Ter",
        ),
        strict=True,
    )
)
ONE_LETTER = {long.upper(): short for short, long in THREE_LETTER.items()} | {
    "STOP": "*",
    "X": "*",
    "*": "*",
}
_NAMES = sorted(ONE_LETTER, key=len, reverse=True)
_RESIDUES = re.compile("|".join([*map(re.escape, _NAMES), "[A-Z]"]))
LAST_CODON = 1106  # longer than any protein of the exon table: a larger number counts bases


@dataclass(frozen=True, slots=True)
class Change:
    """A change at codons (level `p`) or bases (level `c`), `first` to `last`.

    `first_residue`, `last_residue` and `removed` are what the text says stood there, `inserted`
    what came in; `offsets` are the intron parts of a c. position.
    """

    level: str
    kind: str
    first: int
    last: int
    first_residue: str = ""
    last_residue: str = ""
    removed: str = ""
    inserted: str = ""
    offsets: tuple[int, int] = (0, 0)


def one_letter(spelling: str | None) -> str:
    """Residues in either spelling as one-letter codes."""
    if not spelling:
        return ""
    capitals = spelling.upper()
    if _only_three_letter(capitals):
        return "".join(ONE_LETTER[part] for part in _RESIDUES.findall(capitals))
    return capitals.replace("X", "*")


def _only_three_letter(capitals: str) -> bool:
    """Whether the spelling is a run of three-letter names: `LEU` is leucine, not L, E and U."""
    parts = _RESIDUES.findall(capitals)
    return bool(parts) and all(len(part) > 1 or part == "*" for part in parts)


def _tail(match: re.Match[str]) -> tuple[str, str, str]:
    """(kind, removed, inserted) of what follows the positions."""
    part = match.groupdict()
    if part["fs"]:
        return "frameshift", "", ""
    if part["delins"] and (part["d_seq"] or "del" in match[0].lower()):
        return "delins", one_letter(part["d_seq"]), one_letter(part["new"])
    if part["delins"]:
        return "insertion", "", one_letter(part["new"])
    if part["arrow"] or part["indel"]:
        return "delins", "", one_letter(part["new"])
    if part["deletion"]:
        return "deletion", one_letter(part["gone"]), ""
    if part["dup"]:
        return "duplication", one_letter(part["twice"]), ""
    if part["ins"]:
        return "insertion", "", one_letter(part["added"])
    return "alt", "", one_letter(part["alt"])


def _alt_kind(alt: str, single: bool) -> str:
    if alt == "=":
        return "synonymous"
    if alt == "?":
        return "unclear"
    if alt == "*":
        return "nonsense"
    return "substitution" if len(alt) == 1 and single else "delins"


def _finished(change: Change) -> Change:
    """The change with the kind that its residues give it."""
    if change.kind == "alt":
        kind = _alt_kind(change.inserted, change.first == change.last)
        same = kind == "substitution" and change.inserted == change.first_residue
        return replace(change, kind="synonymous" if same else kind)
    if change.kind == "delins" and change.first == change.last and len(change.inserted) == 1:
        return replace(change, kind=_alt_kind(change.inserted, single=True))
    return change


def from_standard(match: re.Match[str]) -> Change:
    """`W557_K558del`, `Val654Ala`, `Q556fs`."""
    kind, removed, inserted = _tail(match)
    first = int(match["p1"])
    last = int(match["p2"] or first)
    ends = (one_letter(match["r1"]), one_letter(match["r2"]))
    return _finished(Change("p", kind, first, last, *ends, removed, inserted))


def from_spelled(match: re.Match[str]) -> Change:
    """`KPMYEVQWK550-558del`: the residues stand before the codons."""
    kind, _, inserted = _tail(match)
    removed = one_letter(match["seq"])
    first, last = int(match["p1"]), int(match["p2"])
    return _finished(Change("p", kind, first, last, removed[0], removed[-1], removed, inserted))


def from_bare(match: re.Match[str]) -> Change | None:
    """`557-558del`; numbers too large for a codon count bases. None for a lone residue change."""
    kind, removed, inserted = _tail(match)
    if kind in ("alt", "frameshift"):
        return None
    first = int(match["p1"])
    last = int(match["p2"] or first)
    level = "c" if first > LAST_CODON else "p"
    return _finished(Change(level, kind, first, last, "", "", removed, inserted))


def from_turned(match: re.Match[str]) -> Change:
    """`delI843`, `deletion of codons 557 to 558`."""
    kind = "deletion" if match["op"].lower().startswith("del") else "duplication"
    removed = one_letter(match["seq"])
    first = int(match["p1"])
    last = int(match["p2"] or first)
    ends = (removed[:1], one_letter(match["r2"]) or (removed[-1:] if match["p2"] else ""))
    return Change("p", kind, first, last, *ends, removed if len(removed) > 1 else "", "")


def from_coding(match: re.Match[str]) -> Change:
    """`c.1669_1674del`, `c.1648-5_1670del`, `c.2447A>T`."""
    part = match.groupdict()
    first = int(part["c1"])
    last = int(part.get("c2") or first)
    if not part.get("c2") and part.get("old"):
        last = first + len(part["old"]) - 1
    offsets = (int(part.get("o1") or 0), int(part.get("o2") or 0 if part.get("c2") else 0))
    kind, inserted = _coding_kind(part)
    removed = _removed(part)
    return Change("c", kind, first, last, "", "", removed.upper(), inserted.upper(), offsets)


def _removed(part: dict[str, str | None]) -> str:
    names = ("gone", "count", "d_seq", "twice", "old")
    return next((value for name in names if (value := part.get(name))), "")


def _coding_kind(part: dict[str, str | None]) -> tuple[str, str]:
    if part.get("delins"):
        return "delins", part["new"] or ""
    for kind, name in (("deletion", "deletion"), ("duplication", "dup"), ("inversion", "inv")):
        if part.get(name):
            return kind, ""
    if part.get("ins"):
        return "insertion", part["added"] or ""
    if part.get("same"):
        return "synonymous", ""
    old, alt = part["old"] or "", part["alt"] or ""
    return ("substitution" if len(old) <= 1 and len(alt) == 1 else "delins"), alt


def fill_residues(gene: str | None, change: Change) -> Change:
    """The change with the residues that the text leaves out, where the reference is known."""
    if change.first_residue and (change.last_residue or not residue(gene, change.last)):
        return change
    return replace(
        change,
        first_residue=change.first_residue or residue(gene, change.first),
        last_residue=change.last_residue or residue(gene, change.last),
    )


def as_duplication(gene: str | None, change: Change) -> Change:
    """An insertion that repeats the residues before it, written as the duplication it is."""
    size = len(change.inserted)
    if change.kind != "insertion" or not change.inserted.isalpha():
        return change
    if gene == "KIT" and change.inserted == "AY" and (change.first, change.last) == (502, 503):
        return replace(change, kind="duplication", inserted="")  # the laboratories' usual synonym
    first = change.first - size + 1
    if change.inserted != "".join(residue(gene, first + place) for place in range(size)):
        return change
    return replace(
        change, kind="duplication", first=first, last=change.first, inserted="",
        first_residue="", last_residue="",
    )  # fmt: skip


_ENDINGS = {"deletion": "del", "duplication": "dup", "frameshift": "fs", "synonymous": "="}


def _written(change: Change, three: bool) -> str:
    def spelled(letters: str) -> str:
        return "".join(THREE_LETTER.get(x, x) for x in letters) if three else letters

    place = f"{spelled(change.first_residue)}{change.first}"
    if change.last != change.first:
        place += f"_{spelled(change.last_residue)}{change.last}"
    if change.kind in _ENDINGS:
        return f"p.{place}{_ENDINGS[change.kind]}"
    between = {"insertion": "ins", "delins": "delins"}.get(change.kind, "")
    return f"p.{place}{between}{spelled(change.inserted)}"


@lru_cache(maxsize=4096)
def protein_of(change: Change) -> Protein | None:
    """The two written forms; None where a residue is missing."""
    if not change.first_residue or (change.last != change.first and not change.last_residue):
        return None
    if change.kind in ("insertion", "delins") and not change.inserted:
        return None
    return Protein(_written(change, three=True), _written(change, three=False))


def coding_name(change: Change) -> str:
    """The c. change in one written form."""
    first, last = (f"{base}{off:+d}" if off else str(base) for base, off in _places(change))
    place = (
        first
        if (change.first, change.offsets[0]) == (change.last, change.offsets[1])
        else (f"{first}_{last}")
    )
    if change.kind == "substitution":
        return f"c.{place}{change.removed}>{change.inserted}"
    ending = {
        "deletion": "del", "duplication": "dup", "inversion": "inv", "synonymous": "=",
        "insertion": f"ins{change.inserted}", "delins": f"delins{change.inserted}",
    }  # fmt: skip
    return f"c.{place}{ending[change.kind]}"


def _places(change: Change) -> tuple[tuple[int, int], tuple[int, int]]:
    return (change.first, change.offsets[0]), (change.last, change.offsets[1])
