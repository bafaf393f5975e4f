"""The words of a search strategy as people paste it: PubMed, Ovid, Embase.com, CENTRAL, Scopus, Web of Science.

Field tags, operators, line numbers and limits are taken off; what stands after NOT is left out, since it is not what is
looked for. `$`, `?` and `#` become the one wildcard of highlight lists, `*`. This is a proposal for a person to edit,
and no parser of any of these languages.
"""

import re

LONGEST_STRATEGY = 100_000  # characters that are looked at
FIELD = re.compile(
    r"\[[^\]\n]{1,60}\]"  # PubMed: [tiab], [MeSH Terms:noexp]
    r"|/exp\b|/de\b|/mj\b"  # Embase.com: 'asthma'/exp
    r"|:(?:[a-z]{2}(?:,[a-z]{2}){0,8})\b"  # Embase.com and CENTRAL: :ti,ab,kw
    r"|\.(?:[a-z]{2}(?:,[a-z]{2}){0,12})\.?(?![a-z])|\.mp\.?"  # Ovid: .ti,ab.
    r"|/(?=\s|$|\))",  # Ovid: Diabetes Mellitus/
    re.IGNORECASE,
)
MESH = re.compile(r"\bMeSH descriptor:\s*\[([^\]\n]+)\](?:\s*explode all trees)?|\[mh\s*\^?", re.IGNORECASE)
OPERATOR = re.compile(
    r"\b(?:AND|OR|XOR|(?:NEAR|NEXT|ADJ|PRE|W|N)/?\d*|SAME)\b|\badj\d*\b|\bnear/\d+\b|\b(?:and|or)\b|[();,|&]|\n|#\d+|:\s"
)
NEGATION = re.compile(r"\b(?:AND\s+)?NOT\b", re.IGNORECASE)
HEAD = re.compile(r"^\s*(?:#?\d{1,3}(?:[.):]|\s(?=[^\s\d]))\s*)", re.MULTILINE)
SCOPE = re.compile(r"\b(?:TITLE-ABS-KEY|TITLE-ABS|TITLE|ABS|KEY|TI|AB|TS|TW|MH|SU|KW|DE)\s*(?==|\()=?", re.IGNORECASE)
LIMIT = re.compile(
    r"^\s*(?:\d+[.)]?\s*)?(?:limit\b.*|filters?:.*|\d[\d\s,\-/]*(?:(?:and|or|not)\s[\d\s]*)*)$",
    re.IGNORECASE | re.MULTILINE,
)
PHRASE = re.compile(r'["\u201c\u201d]([^"\u201c\u201d\n]{1,200})["\u201c\u201d]')
SKIPPED = frozenset({"exp", "mh", "ti", "ab", "kw", "tw", "mp", "in", "the", "of", "a", "for", "with", "to", "explode"})


def words_of(strategy: str, *, longest: int = 60, most: int = 200) -> list[str]:
    """The words and phrases that a strategy looks for, each once, in order; at most `most`, of `longest` letters."""
    text = LIMIT.sub("", strategy[:LONGEST_STRATEGY])
    text = HEAD.sub("\n", text)
    text = _wanted(text)
    found: dict[str, str] = {}
    for part in _parts(text):
        word = _clean(part)
        if word and len(word) <= longest and word.casefold() not in found:
            found[word.casefold()] = word
    return list(found.values())[:most]


def _wanted(text: str) -> str:
    """Without what is searched for to be left out: from NOT to the end of its bracket or its line."""
    kept, at = [], 0
    for match in NEGATION.finditer(text):
        if match.start() < at:
            continue
        kept.append(text[at : match.start()])
        at = _end_of_operand(text, match.end())
    return "\n".join([*kept, text[at:]])


def _end_of_operand(text: str, start: int) -> int:
    depth = 0
    for place in range(start, len(text)):
        if text[place] == "(":
            depth += 1
        elif text[place] == ")":
            depth -= 1
            if depth <= 0:
                return place + (depth == 0)
        elif text[place] == "\n" and depth <= 0:
            return place
    return len(text)


def _parts(text: str) -> list[str]:
    """Phrases in quotes as they are; the rest cut at operators, with fields and scopes taken off."""
    parts: list[str] = []
    text = MESH.sub(lambda match: f" {match.group(1) or ''} ", text)
    at = 0
    for match in PHRASE.finditer(text):
        parts += _loose(text[at : match.start()])
        parts.append(match.group(1))
        at = match.end()
    return parts + _loose(text[at:])


def _loose(text: str) -> list[str]:
    plain = SCOPE.sub(" ", FIELD.sub("\n", text))
    return [part.strip(" '\t=.-[]") for part in OPERATOR.split(plain)]


def _clean(part: str) -> str:
    """An entry of a list, or "" for what is none: numbers, field names, single letters, nothing but a wildcard."""
    words = re.sub(r"[$?#*]+\d*", "*", part).strip(" '\t/.").split()
    while words and words[0].casefold() in SKIPPED:
        words.pop(0)
    if words and re.fullmatch(r"[\d.*\-]+", " ".join(words)):
        return ""
    letters = re.sub(r"[\W\d_]", "", "".join(words))
    return " ".join(words) if len(letters) > 1 else ""
