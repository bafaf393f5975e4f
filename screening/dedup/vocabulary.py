"""Words that carry a meaning for deduplication: languages, notices, particles, opposites.

They are the conventions of bibliographic databases (MEDLINE's bracketed translations, Embase's "[Chinese]", Web of
Science's "(vol 142, pg 310, 2003)"), not words of any one review.
"""

import re


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho",
    "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}

STOPWORDS = _set("a an and as at by for from in into is its of on or the their to via with der die das und")
JOURNAL_STOPWORDS = _set("a an and at de del der des die du et fur in la le of on the und y zur")

LANGUAGES = (
    "afrikaans|arabic|bulgarian|catalan|chinese|croatian|czech|danish|dutch|english|estonian|finnish|flemish|french|"
    "georgian|german|greek|hebrew|hungarian|icelandic|indonesian|italian|japanese|korean|latvian|lithuanian|"
    "norwegian|persian|polish|portuguese|romanian|russian|serbian|slovak|slovene|slovenian|spanish|swedish|thai|"
    "turkish|ukrainian"
)

# Remarks that a database adds to the title of the article itself; they change nothing.
REMARK = re.compile(
    r"[\[(]\s*(?:"
    rf"(?:(?:in|article in)\s+)?(?:{LANGUAGES})(?:\s*(?:,|;|/|and)\s*(?:{LANGUAGES}))*"
    r"|see comments?|comments?|correct(?:ed|ion)|abstract|review|meta-?analysis|record supplied by publisher"
    r"|(?:\d+|no) ref(?:erence)?s?\.?|\d{1,2}|retracted(?: article)?|in process citation"
    r")\s*[\])]+",
    re.IGNORECASE,
)
# "[Erratum appears in J Pediatr. 2003 Jun;142(6):616 Note: ..." runs, often cut short, to the end of the title; so does
# the article that CINAHL names behind dots: "... N Engl J Med. 2009 Jan 29;360(5):544-6".
POINTER = re.compile(
    r"[\[(]\s*(?:published\s+)?(?:erratum|errata|correction|corrigendum|retraction|comment)s?\s+"
    r"(?:appears?|in|published|has been)\b.*$"
    r"|(?:\.\s*\.\s*\.|…)\s*[^.]*\.?\s(?:19|20)\d\d\b.*;\s*\d+.*$",
    re.IGNORECASE,
)
RETRACTED = re.compile(r"^\W*(?:retracted(?: article)?|withdrawn)\s*[:.\-]\s*", re.IGNORECASE)

# The article that a notice is about, named behind its title: Web of Science's "(vol 142, pg 310, 2003)", Embase's
# "(New England Journal of Medicine (2009) 360 (542-544))".
ABOUT = re.compile(
    r"\(vol\.? ?\d+[^)]*\bp(?:g|p|age)?s?\b[^)]*\)?\W*$|\([^()]{4,}\((?:[^()]*)(?:19|20)\d\d\).*\)\W*$",
    re.IGNORECASE,
)
NOTICE_PREFIX = re.compile(
    r"^\W*(?:author(?:'s|s'|s)? |publisher(?:'s)? )?(?:errat(?:um|a)|corrigend(?:um|a)|corrections?|addendum)\b"
    r"(?:\s+(?:to|for|of)\b)?\W+",
    re.IGNORECASE,
)

# Publications *about* an article that bear its title. The first that matches names the kind.
NOTICES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "letters",
        re.compile(r"[\[(]multiple letters[\])]", re.IGNORECASE),
    ),  # Embase's one record of a letter and its reply
    (
        "correction",
        re.compile(
            r"^\W*(?:author(?:'s|s'|s)? |publisher(?:'s)? )?(?:errat(?:um|a)|corrigend(?:um|a)|corrections?|addendum)\b"
            r"\s*(?:to|for|of|in|on|[:.\-–—\"“'(\[]|$)"
            r"|[:.\-–—(\[]\s*(?:errat(?:um|a)|corrigend(?:um|a)|correction|addendum)\s*[\])]?\W*$"
            r"|" + ABOUT.pattern,
            re.IGNORECASE,
        ),
    ),
    (
        "retraction",
        re.compile(
            r"^\W*(?:notice of |statement of )?(?:partial )?(?:retraction|withdrawal|expression of concern)\b"
            r"\s*(?:notice|note)?\s*(?:to|for|of|[:.\-–—(\[])",
            re.IGNORECASE,
        ),
    ),
    (
        "reply",
        re.compile(
            r"^\W*(?:the )?(?:author(?:'s|s'|s)?|in) (?:reply|response)\b"
            r"|^\W*(?:reply|response|rejoinder)\s*(?:to|[:.\-–—])"
            r"|\b(?:author(?:'s|s'|s)?|in) (?:reply|response)\W*$|[:.\-–—(\[?!]\s*(?:reply|response|rejoinder)\b[^:]*$",
            re.IGNORECASE,
        ),
    ),
    (
        "comment",
        re.compile(
            r"^\W*(?:invited |editorial )?(?:comment|commentary|discussion)s?\s*(?:to|on|[:.\-–—])"
            r"|\b(?:invited|editorial) comment(?:ary)?\W*$|[:.\-–—(\[?!]\s*(?:comment|commentary|discussion)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "letter",
        re.compile(
            r"^\W*(?:a )?letters? to the editor\b|[:.\-–—(\[?!]\s*letters?(?: to the editor)?\W*$",
            re.IGNORECASE,
        ),
    ),
    ("editorial", re.compile(r"^\W*editorial\s*(?:on\b|[:.\-–—])|[:.\-–—(\[?!]\s*editorial\W*$", re.IGNORECASE)),
    ("protocol", re.compile(r"[:.\-–—(\[?!,]\s*(?:a |the |study |trial )*protocol\b[^:]*$", re.IGNORECASE)),
)

REGISTRY = re.compile(r"clinical ?trials\.gov|trialsearch|who\.int|\bictrp\b|isrctn|clinicaltrialsregister|\bctri\b|"
                      r"chictr|\bdrks\b|anzctr|\bumin\b", re.IGNORECASE)  # fmt: skip
# A preprint or a data set is another publication than the article, though it bears its title: told by journal or DOI.
PREPRINT = re.compile(
    r"\b(?:med|bio|chem|psy|soc|eco|earth)?(?:rxiv|arxiv)\b|\bssrn\b|research ?square|preprints?\b|authorea|techrxiv",
    re.IGNORECASE,
)
PREPRINT_DOI = re.compile(
    r"10\.(?:1101/(?:20\d\d\.\d\d\.|\d{6}\b)|21203/rs|2139/ssrn|48550/arxiv|20944/preprints|31234/|31235/|26434/|22541/au|36227/)"
)
DATA = re.compile(r"\bdryad\b|figshare|zenodo|mendeley data|harvard dataverse|\bpangaea\b", re.IGNORECASE)
DATA_DOI = re.compile(r"10\.(?:5061/dryad|6084/m9\.figshare|5281/zenodo|17632/|7910/dvn|1594/pangaea)")
# Where abstracts of a congress are printed: Embase's "Conference: …", proceedings, a supplement of a journal.
CONGRESS = re.compile(
    r"\bconference\b|\bcongress\b|\bannual (?:scientific )?meeting\b|\bsymposium\b|\babstracts?\b", re.IGNORECASE
)
SUPPLEMENT = re.compile(r"\bsuppl", re.IGNORECASE)
TRIAL_ID = re.compile(
    r"\b(NCT\d{8}|ISRCTN\d{8}|EUCTR[\d-]{10,}\w*|ChiCTR[-\w]*\d{6,}|DRKS\d{8}|ACTRN\d{14}|UMIN\d{9}|JPRN-\w+|"
    r"CTRI/\d{4}/\d+/\d+|IRCT\w+\d{6,}|NTR\d{3,})\b",
    re.IGNORECASE,
)

# Words one or two letters apart that mean different things.
OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in sorted(
        _set(
            "hyper/hypo inter/intra pre/post pre/pro in/out ante/anti increas/decreas upper/lower male/female "
            "short/long low/high micro/macro before/after early/late left/right proximal/distal benign/malignant "
            "acute/chronic maternal/paternal over/under pro/anti endo/exo iso/aniso uni/bi mono/bi bi/tri mono/poly "
            "primary/secondary mono/non"
        )
    )
)
NEGATIONS = ("a", "an", "un", "in", "im", "il", "ir", "non", "dis", "de", "fe", "anti", "re", "sub")

# Words of titles that many papers bear; they don't tell papers apart.
GENERIC = _set(
    "abstract abstracts acknowledgement acknowledgements announcement announcements author authors book calendar "
    "comment commentary contents correspondence corrigendum editor editorial editors errata erratum foreword forum "
    "index introduction issue journal letter letters masthead news note notes notice obituary poster posters preface "
    "proceedings reply report response review reviewers reviews special supplement title volume"
)
