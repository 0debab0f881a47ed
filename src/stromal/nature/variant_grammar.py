"""The spellings of genes, exons, transcripts and changes, as regular expressions.

Each expression reads one token from a given place and never looks behind it. All quantifiers are
bounded or run over one class of characters, so that no text makes them slow.
"""

from __future__ import annotations

import re
from functools import cache

RESIDUE = (
    "(?:ala|arg|asn|asp|cys|gln|glu|gly|his|ile|leu|lys|met|phe|pro|ser|thr|trp|tyr|val"
    "|[acdefghiklmnpqrstvwy])"
)
STOP = r"(?:ter|stop|x|\*)"
SEQUENCE = f"(?:{RESIDUE}{{1,40}}{STOP}?)"
END = r"(?![A-Za-z0-9_*=])"
TO = r"\s{0,2}(?:[_\-/]|to|and)\s{0,2}"

_TAIL = (
    rf"(?:(?P<fs>{RESIDUE}?fs(?:{STOP}?\d{{0,4}}\??)?)"
    rf"|\s?(?:(?:deletion|del)?(?P<d_seq>{RESIDUE}{{0,40}})[/-]?(?P<delins>ins)|(?P<indel>indel)"
    rf"|(?P<arrow>>))\s?(?P<new>{SEQUENCE}|\d{{1,3}})"
    rf"|\s?(?P<deletion>deletion|del)(?P<gone>{RESIDUE}{{1,40}}|\d{{1,3}})?"
    rf"|\s?(?P<dup>duplication|dup|itd)(?P<twice>{RESIDUE}{{1,40}}|\d{{1,3}})?"
    rf"|\s?(?P<ins>insertion|ins)(?P<added>{SEQUENCE}|\d{{1,3}})?"
    rf"|(?P<alt>{SEQUENCE}|{STOP}|=|\?))"
)
_HEAD = r"(?:p\.\s?|p\s)?[(\[]{0,2}"

STANDARD = (
    rf"{_HEAD}(?P<r1>{RESIDUE}|ter|\*)(?P<p1>\d{{1,4}})"
    rf"(?:\s?[_\-/]\s?(?P<r2>{RESIDUE})?(?P<p2>\d{{1,4}}))?{_TAIL}{END}"
)
# KPMYEVQWK550-558del, DI842-843VM
SPELLED = rf"{_HEAD}(?P<seq>{RESIDUE}{{2,40}})(?P<p1>\d{{3,4}})[_\-](?P<p2>\d{{3,4}}){_TAIL}{END}"
# 557-558del, codons 557-558 deletion
BARE = (
    rf"{_HEAD}(?:codons?\s|aa\s|residues?\s)?(?P<p1>\d{{3,4}})"
    rf"(?:{TO}(?P<p2>\d{{3,4}}))?{_TAIL}{END}"
)
# delI843, deletion of codons 557 to 558, del WK557-558
TURNED = (
    r"(?P<op>deletion|del|duplication|dup)\s?(?:(?:of|involving|affecting)\s)?"
    r"(?:codons?\s|residues?\s|amino acids?\s|aa\s)?(?!ex?\.?\s?\d)"
    rf"(?P<seq>{RESIDUE}{{0,40}})(?P<p1>\d{{3,4}})(?:{TO}(?P<r2>{RESIDUE})?(?P<p2>\d{{3,4}}))?{END}"
)
CODON = rf"codons?\s?:?\s?(?P<p1>\d{{1,4}})(?:{TO}(?P<p2>\d{{1,4}}))?{END}"

_BASES = "[acgt]{1,90}"
CODING = (
    r"c\s?\.\s?[(\[]{0,2}(?P<c1>-?\d{1,5})(?P<o1>[+\-]\d{1,4})?"
    r"(?:_(?P<c2>\d{1,5})(?P<o2>[+\-]\d{1,4})?)?\s?"
    rf"(?:del(?P<d_seq>{_BASES}|\d{{1,3}})?(?P<delins>ins)(?P<new>{_BASES}|\d{{1,3}})"
    rf"|(?P<deletion>del)(?:\s?(?P<gone>{_BASES})|(?P<count>\d{{1,3}}))?"
    rf"|(?P<dup>dup)(?P<twice>{_BASES}|\d{{1,3}})?"
    rf"|(?P<ins>ins)(?P<added>{_BASES}|\d{{1,3}})?|(?P<inv>inv)"
    rf"|(?P<old>{_BASES})?>(?P<alt>{_BASES})|(?P<same>=)){END}"
)
GENOMIC = CODING.replace(r"c\s?\.\s?", r"(?:g\s?\.\s?)", 1).replace(r"\d{1,5}", r"\d{6,10}")
BARE_CODING = rf"(?P<c1>\d{{3,4}})(?P<old>[acgt])>(?P<alt>[acgt]){END}"

TRANSCRIPT = (
    r"(?P<accession>(?:NM|NP|NC|XM|XP|NR|NG|LRG|ENST|ENSP|ENSG)_?\d{1,12}(?:\.\d{1,2})?)(?!\d|\.\d)"
)
RSID = r"rs\d{4,12}"

_NUMBERS = r"\d{1,2}(?:/(?:21|23))?(?![\d_.%]|\s%)"
_AND = r"\s{0,2}(?:,?\s?and|,|/|&|\+|-|to)\s{0,2}(?:exons?\s?|ex\s?)?"
EXON_LIST = rf"{_NUMBERS}(?:{_AND}{_NUMBERS}){{0,25}}"
EXON = (
    rf"(?:(?:exons?|exones?|ex)\s?[.:#]?\s?(?:no\.?\s?|number\s)?|e(?=\d{{1,2}}(?![\da-z])))"
    rf"(?P<list>{EXON_LIST})(?:\sof\s(?:21|23)(?!\d))?"
)
NUMBERS = rf"(?P<list>{EXON_LIST})(?![A-Za-z'])"

FRACTION = (
    r"(?:vaf|af|maf|vf|(?:variant |mutant |mutated )?allele (?:fraction|frequency|freq\.?))"
    r"\s?(?:of|is|:|=)?\s?(?P<limit>[<>~])?\s?(?P<amount>\d{1,3}(?:[.,]\d{1,4})?)(?![\d.,]*\d)\s?(?P<percent>%)?"
)
PERCENT = r"(?P<limit>[<>~])?(?P<amount>\d{1,3}(?:[.,]\d{1,4})?)\s?%"
CONTENT = (
    r"(?:tumou?r (?:cell )?(?:content|purity|fraction|cellularity)|purity|cellularity|depth"
    r"|(?:mean )?coverage|read depth)\s?(?:of|is|:|=)?\s?[<>~]?\d{1,5}(?:[.,]\d{1,4})?\s?(?:%|x)?"
    r"|\d{2,5}x(?![a-z0-9])"
)

# Read in any case.
_GENES = {
    "KIT": "c[- ]?kit|kit|kit proto-oncogene",
    "PDGFRA": "pdgfr[- ]?(?:alpha|a|α)|pdgfra",
    "BRAF": "b[- ]?raf(?:1)?",
    "KRAS": "k[- ]?ras",
    "NRAS": "n[- ]?ras",
    "HRAS": "h[- ]?ras",
    "SDHA": "sdh[- ]?a",
    "SDHB": "sdh[- ]?b",
    "SDHC": "sdh[- ]?c",
    "SDHD": "sdh[- ]?d",
    "NF1": "nf1",
    "NTRK1": "ntrk1",
    "NTRK2": "ntrk2",
    "NTRK3": "ntrk3",
    "FGFR1": "fgfr1",
    "FGFR2": "fgfr2",
    "FGFR3": "fgfr3",
    "FGFR4": "fgfr4",
    "FGF3": "fgf3",
    "FGF4": "fgf4",
}
# Read in capitals only: some are words, and none decides a class except by a fusion.
OTHER_GENES = (
    "SDHAF2", "TP53", "RB1", "CDKN2A", "CDKN2B", "PTEN", "PIK3CA", "CBL", "KDR", "MAX", "MEN1",
    "SETD2", "ALK", "ROS1", "RET", "MET", "EGFR", "ERBB2", "NRG1", "RAF1", "MAP2K1", "AKT1",
    "TSC1", "TSC2", "MTOR", "DEPDC5", "DMD", "ARID1A", "ARID2", "NF2", "PDGFRB", "CTNNB1", "FLT3",
    "ATM", "BRCA1", "BRCA2", "APC", "SMARCB1", "ARID1B", "MYC", "CCND1", "IGF1R", "FGF19",
)  # fmt: skip
GENE = (
    "(?:"
    + "|".join(f"(?P<g_{name}>(?i:{spelling}))" for name, spelling in _GENES.items())
    + f"|(?P<g_other>{'|'.join(OTHER_GENES)}))(?![A-Za-z0-9])"
)

FUSION_GENES = frozenset(
    {"NTRK1", "NTRK2", "NTRK3", "FGFR1", "FGFR2", "FGFR3", "FGFR4", "ALK", "ROS1", "RET", "BRAF",
     "RAF1", "MET", "NRG1", "PDGFRA", "PDGFRB", "KIT"}
)  # fmt: skip
# Partners that make a fusion of a hyphen alone; FIP1L1, BCR and TNKS2 are in CIViC.
PARTNERS = frozenset(
    {"ETV6", "TPM3", "TPR", "LMNA", "TPM4", "SQSTM1", "HOOK3", "TACC1", "TACC2", "TACC3",
     "FIP1L1", "BCR", "TNKS2", "EML4", "STRN", "PRKAR1B", "AGAP3", "MKRN1", "KIAA1549"}
)  # fmt: skip
_SYMBOL = rf"(?!(?i:{RESIDUE}\d{{1,4}}(?:{RESIDUE}|_|del|dup|ins|fs|\*)))[A-Z][A-Z0-9]{{1,9}}"
_FUSED = "|".join(sorted(FUSION_GENES, key=len, reverse=True))
FUSION = (
    rf"(?P<left>(?:{_FUSED}))(?:::|--?|/)(?P<right>{_SYMBOL})(?![A-Za-z0-9])"
    rf"|(?P<left2>{_SYMBOL})(?:::|--?|/)(?P<right2>{_FUSED})(?![A-Za-z0-9])"
    rf"|(?P<left3>{_SYMBOL})::(?P<right3>{_SYMBOL})(?![A-Za-z0-9])"
)
LOWER_FUSION = (
    r"(?P<left4>[a-z][a-z0-9]{1,9})(?:::|-)(?P<right4>ntrk[123]|fgfr[1-4]|alk|ros1|braf)"
    r"(?![a-z0-9])"
)


@cache
def compiled(pattern: str, *, any_case: bool = True) -> re.Pattern[str]:
    """The pattern, made ready on its first use; most spellings are read in any case."""
    return re.compile(pattern, re.ASCII | (re.IGNORECASE if any_case else 0))
