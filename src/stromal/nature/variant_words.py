"""The words that laboratories use around a variant, each with what it says.

A statement is believed only if every one of its words is known: an unknown word ("excluded",
"artefact") may turn the meaning round. Phrases are lower case; a blank stands for
blanks or hyphens.
"""

from __future__ import annotations

DRUGS = (
    "imatinib", "sunitinib", "regorafenib", "ripretinib", "avapritinib", "pimitespib", "nilotinib",
    "dasatinib", "ponatinib", "pazopanib", "cabozantinib", "sorafenib", "masitinib",
    "bezuclastinib", "olverembatinib", "velzatinib", "larotrectinib", "entrectinib",
    "repotrectinib", "crenolanib", "dabrafenib", "trametinib",
)  # fmt: skip

# kind of word -> value -> phrases
_WORDS: dict[str, dict[str, str]] = {
    "kind": {
        "deletion": "deletion, deletions, deleted, del, in frame deletion, in frame del,"
        " inframe deletion",
        "insertion": "insertion, insertions, ins, in frame insertion, inframe insertion",
        "duplication": "duplication, duplications, dup, itd, internal duplication,"
        " internal tandem duplication, tandem duplication, internal tandem duplications",
        "delins": "delins, indel, deletion insertion, deletion insertions, deletion/insertion,"
        " insertion deletion, indels, in frame indel, complex",
        "substitution": "substitution, missense, missense mutation, missense variant,"
        " point mutation, snv, single nucleotide variant, single nucleotide substitution,"
        " substitution missense",
        "frameshift": "frameshift, frame shift, frameshift mutation, frameshift variant",
        "nonsense": "nonsense, nonsense mutation, stop gained, stop gain, premature stop,"
        " truncating, truncating mutation, truncation",
        "splice": "splice, splice site, splicing, splice acceptor, splice donor, splice variant,"
        " splice site mutation, splice site variant, splice site deletion",
        "synonymous": "synonymous, silent",
    },
    "fusion": {
        "fusion": "fusion, fusions, rearrangement, rearranged, rearrangements, translocation,"
        " fused, fusion gene, fusion transcript, fusion positive, gene fusion"
    },
    "loss": {
        "loss": "loss, lost, biallelic loss, homozygous deletion, homozygous loss,"
        " loss of function, gene loss, biallelic inactivation, inactivation, inactivating,"
        " copy loss, copy number loss, whole gene deletion, deficient, deficiency"
    },
    "gain": {
        "gain": "amplification, amplified, copy gain, copy number gain, gain, gains,"
        " high level amplification"
    },
    "epimutation": {
        "epimutation": "epimutation, hypermethylation, promoter hypermethylation, methylation,"
        " promoter methylation, methylated, hypermethylated, promoter hypermethylated,"
        " carney triad"
    },
    "mutated": {
        "mutated": "mutation, mutations, mutated, mutant, mutants, variant, variants, alteration,"
        " alterations, altered, change, mutation positive, associated, related"
    },
    "detected": {
        "yes": "detected, identified, found, present, confirmed, shown, demonstrated, harbours,"
        " harbors, carries, carrying, with, showed, shows, reveals, revealed, reported"
    },
    "positive": {"positive": "positive, pos"},
    "negative": {"negative": "negative, neg"},
    "wild": {
        "wild": "wild type, wildtype, wt, unmutated, not mutated, no mutation, no mutations,"
        " no variant, no variants, no alteration, no alterations, mutation negative,"
        " no pathogenic variant, no pathogenic variants, no pathogenic mutation, non mutated,"
        " no evidence of mutation, without mutation, without mutations, free of mutation",
        "not found": "not detected, not identified, not found, not present, absent, no, without,"
        " none, no evidence of, absence of, negative for, undetected, not seen, none detected,"
        " none found, none identified, undetectable",
    },
    "quadruple": {
        "quadruple": "quadruple wild type, quadruple wt, quadruple negative, quad wt,"
        " quadruple wildtype, quadwt"
    },
    "not tested": {
        "not tested": "not tested, not done, not performed, not analysed, not analyzed,"
        " not examined, not covered, not assessed, untested, pending, outstanding, awaited,"
        " not sequenced, not included, not requested, not available, not evaluated,"
        " not investigated, not part of the panel, not on the panel, result pending"
    },
    "failed": {
        "failed": "failed, failure, insufficient, inadequate, not evaluable, non diagnostic,"
        " not assessable, inconclusive, indeterminate, equivocal, not interpretable,"
        " uninterpretable, insufficient dna, insufficient material, insufficient tissue,"
        " insufficient rna, no result, unsuccessful, no amplification, not amplifiable,"
        " test failed, sequencing failed, analysis failed, low quality, heterogeneous, weak"
    },
    "hedge": {
        "hedge": "possible, possibly, suspected, probable, probably, cannot be excluded,"
        " cannot exclude, suspicious for, suspicious, questionable, presumed, likely, suggestive,"
        " unconfirmed, not confirmed, artefact, artifact, or, vs, versus, ruled out, excluded,"
        " unlikely"
    },
    "significance": {
        "uncertain": "vus, uncertain significance, unknown significance, uncertain, unclassified,"
        " variant of uncertain significance, variant of unknown significance, class 3,"
        " variants of uncertain significance, unclassified variant, unclear significance",
        "benign": "benign, likely benign, polymorphism, class 1, class 2, probably benign",
        "pathogenic": "pathogenic, likely pathogenic, oncogenic, likely oncogenic, activating,"
        " driver, driver mutation, gain of function, class 4, class 5, deleterious, actionable,"
        " tier i, tier ii, clinically relevant, clinically significant, hotspot",
    },
    "origin": {
        "germline": "germline, constitutional, inherited, hereditary, germ line,"
        " carney stratakis, carney stratakis syndrome",
        "somatic": "somatic, tumour only, tumor only",
    },
    "timing": {
        "primary": "primary, primary mutation, at diagnosis, treatment naive, untreated,"
        " pretreatment, pre treatment, before treatment, before any treatment, before therapy,"
        " before any drug, drug naive, tki naive, diagnostic biopsy, imatinib naive,"
        " initial mutation, original mutation, treatment naïve",
        "secondary": "secondary, secondary mutation, acquired, acquired mutation,"
        " resistance mutation, secondary resistance mutation, acquired resistance,"
        " acquired resistance mutation, at progression, on progression, after progression,"
        " after treatment, after therapy, post treatment, on treatment, under treatment,"
        " secondary resistance, on therapy, under therapy, after tki, on tki, post tki",
    },
    "when": {
        "after": "after, under, on, post, following, during, despite, acquired under,"
        " acquired on, progression on, progression under, progressing on, acquired after,"
        " resistance to, resistant to",
        "before": "before, prior to, pre, before any",
    },
    "response": {
        "response": "sensitive, resistant, sensitising, sensitizing, insensitive, responsive,"
        " resistance, sensitivity, non responsive"
    },
    "specimen": {
        "ctDNA": "ctdna, cfdna, plasma, liquid biopsy, cell free dna, circulating tumour dna,"
        " circulating tumor dna, circulating dna, ct dna, blood",
        "tissue": "tissue, ffpe, biopsy, resection, resection specimen, surgical specimen,"
        " tumour tissue, tumor tissue, paraffin, core biopsy, specimen, tumour sample,"
        " tumor sample, fnb, fna",
    },
    "assay": {
        "ihc": "ihc, immunohistochemistry, immunohistochemical, immunostain, staining, stain,"
        " immunostaining, expression, protein expression, immunoreactivity, stains, protein"
    },
    "protein level": {
        "retained": "retained, intact, preserved, proficient, competent, maintained, normal,"
        " not lost",
        "raised": "overexpression, overexpressed, high expression, expressed",
    },
    "whole": {
        "whole": "all exons, full gene, whole gene, entire gene, entire coding region,"
        " whole coding region, full coding region, all coding exons, complete coding sequence,"
        " whole exome, whole exome sequencing, whole genome, whole genome sequencing,"
        " entire coding sequence, full length"
    },
    "legacy": {"1530ins6": "1530ins6"},
    "region": {"utr": "3' utr, 5' utr, utr, 3 prime utr, 5 prime utr, intron, intronic, promoter"},
    "plain": {
        "": "gist, gists, the, a, an, in, of, was, is, were, are, has, been, and, gene, genes,"
        " tumour, tumor, tumours, tumors, result, results, molecular, test, testing, analysis,"
        " sequencing, ngs, sanger, pcr, panel, dna, rna, at, position, codon, codons, exon,"
        " exons, heterozygous, homozygous, hemizygous, status, genotype, for, by, this, sample,"
        " lesion, amino, acid, acids, nucleotide, protein change, coding, sequence, level,"
        " that, it, to, from, involving, affecting, located, within, also, kinase, domain,"
        " juxtamembrane, extracellular, activation, loop, atp, pocket, binding, cdna,"
        " primary tumour, primary tumor, primary site, primary lesion, metastasis, metastatic,"
        " recurrence, recurrent, relapse, liver, stomach, gastric, small, bowel, rectum,"
        " duodenum, jejunum, ileum, and/or, between, residues, residue, p, c, patient, case,"
        " known, classic, typical, common, based, next generation, high throughput, method,"
        " targeted, report, finding, findings, single, one, two,"
        " nucleotides, base, bases, pairs, bp, refseq, transcript, isoform, hgvs, allele,"
        " receptor, tyrosine, gnnk+, any, tested, examined,"
        " covered, analysed, analyzed, sequenced, assessed, hg19, grch37, inframe, in frame,"
        " aa, syndrome, type, cell, cells, mesenchymal, stromal,"
        " gastrointestinal, secondary lesion, biallelic, monoallelic, level of, via, as, be,"
        " assay, fish, mrna, rna seq, dna ngs, rna ngs, diagnosis, therapy"
    },
    "isoform": {"GNNK-": "gnnk-, gnnk minus, gnnk negative, 972 aa"},
    "gene word": {
        "NF1": "neurofibromatosis type 1, neurofibromatosis 1, neurofibromatosis,"
        " von recklinghausen, nf 1, nf type 1",
        "PTRK": "pan trk, pantrk, panTRK, trk",
        "VE1": "ve1, braf ve1",
        "SDH": "sdh, sdhx, succinate dehydrogenase",
        "RAS": "ras, pan ras",
        "NTRK": "ntrk, ntrk1/2/3, ntrk1 3",
        "FGFR": "fgfr",
        "CD117": "cd117, dog1, dog 1, cd34, c kit protein, ano1",
    },
}

PHRASES: dict[str, tuple[str, str]] = {
    phrase.strip().lower(): (kind, value)
    for kind, values in _WORDS.items()
    for value, phrases in values.items()
    for phrase in phrases.split(",")
}
PHRASES |= {drug: ("drug", drug) for drug in DRUGS}
LONGEST_PHRASE = max(len(phrase.split()) for phrase in PHRASES)
