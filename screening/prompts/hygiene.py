"""Untrusted text before it goes to a model: invisible characters taken out and counted, instructions noticed (SEC-05).

Abstracts come from anywhere. Text can hide in characters that no one sees (zero-width, bidirectional controls, tag
characters, variation selectors; see Unicode UTS #39 and UTR #36), and can talk to the model instead of about a study.
`clean` removes the first kind, `injection_flags` names the second: a flagged record is shown to people and can't be
proposed for exclusion. A flag is a suspicion, not a verdict on the authors.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

# What each invisible character is counted as.
_RANGES: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    (
        "zero_width",
        (
            (0x200B, 0x200D),
            (0x2060, 0x2065),
            (0xFEFF, 0xFEFF),
            (0x180E, 0x180E),
            (0xFFF9, 0xFFFB),
        ),
    ),
    ("soft_hyphen", ((0x00AD, 0x00AD),)),
    ("bidi", ((0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x206F), (0x061C, 0x061C))),
    ("tag", ((0xE0000, 0xE007F),)),
    ("variation", ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF), (0x180B, 0x180D))),
    ("control", ((0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F))),
    ("filler", ((0x115F, 0x115F), (0x3164, 0x3164), (0xFFA0, 0xFFA0))),
    ("surrogate", ((0xD800, 0xDFFF),)),  # can't be written as UTF-8
)
INVISIBLE: dict[str, str] = {
    chr(code): kind for kind, ranges in _RANGES for low, high in ranges for code in range(low, high + 1)
}
_INVISIBLE_RE = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for _, ranges in _RANGES for a, b in ranges) + "]")
_TAG_TEXT = {code: code - 0xE0000 for code in range(0xE0020, 0xE007F)}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Text without invisible characters, and how many of each kind were taken out."""

    text: str
    removed: dict[str, int] = field(default_factory=dict)

    @property
    def hidden(self) -> int:
        """How many characters were removed altogether."""
        return sum(self.removed.values())


def clean(text: str) -> Cleaned:
    """`text` as a person would see it. White space and line ends stay; nothing visible changes."""
    removed = Counter(INVISIBLE[character] for character in _INVISIBLE_RE.findall(text))
    return Cleaned(_INVISIBLE_RE.sub("", text) if removed else text, dict(removed))


# Gaps are bounded and stay inside a sentence, which keeps every pattern linear. Patterns are in lower case.
_EARLIER = r"(?:previous|prior|above|earlier|preceding|your|system)"
_DROP = r"\b(?:ignore|disregard|forget|override|bypass|do not follow)"
_INSTRUCTION = (
    (
        rf"{_DROP} (?:[\w']+ ){{0,3}}?{_EARLIER} (?:[\w']+ ){{0,2}}?"
        r"(?:instructions?|prompts?|rules|guidelines|directions|commands)\b"
    ),
    rf"{_DROP} (?:all|any|these|the) (?:of )?(?:the |these |your )?(?:instructions?|prompts?)\b",
    rf"{_DROP} (?:all (?:of )?)?(?:your|the above|all) criteria\b",
    r"\b(ignorier\w*|missachte\w*|vergiss|vergessen sie)\b[^.!?\n]{0,50}\b(anweisung|instruktion|vorgaben\b|regeln\b)",
    r"\b(ignore[rz]?|oublie[rz]?|ne tiens pas compte)\b[^.!?\n]{0,50}\b(instructions|consignes|directives|règles)",
    (
        r"\b(ignor[ae]|ignor[ae]r|olvid[ae]|desconsidere|esqueça)\b[^.!?\n]{0,50}"
        r"\b(instrucciones|instruções|reglas|regras|indicaciones)"
    ),
    r"\b(ignora|dimentica|trascura)\b[^.!?\n]{0,50}\b(istruzioni|regole|indicazioni)",
    r"\b(negeer|vergeet)\b[^.!?\n]{0,50}\b(instructies|aanwijzingen|regels)",
    r"(игнорир\w*|забудь\w*|не обращай\w*)[^.!?\n]{0,50}(инструкци\w*|указани\w*|правил\w*)",
    r"(zignoruj|pomiń|yoksay|görmezden gel)|(talimatları|instrukcje)[^.!?\n]{0,30}(yoksay|görmezden|zignoruj)",
    r"(忽略|无视|無視|不要理会|忘记)[^。!?\n]{0,20}(指令|指示|说明|提示|规则|要求)",
    r"(指示|命令|ルール|プロンプト)[^。!?\n]{0,12}(無視|忘れ)",
    r"(지시|명령|규칙|프롬프트)[^.!?\n]{0,12}(무시|잊)",
    r"(تجاهل|انس)[^.!?\n]{0,30}(التعليمات|الأوامر|القواعد)",
)
_ROLE = (
    r"<\|?/?(im_start|im_end|system|assistant|user|endoftext|eot_id|start_header_id)\b[^>\n]{0,20}\|?>",
    r"\[/?inst\]|<</?sys>>",
    r"(^|\n)\s*#{0,4}\s*(system|assistant|developer)( prompt| message)?\s*:\s",
    r"\byou are now (a|an|the|in)\b|\bact as (a|an|the) (helpful|unrestricted|different)\b",
    r"\bnew (system )?(instructions?|prompt)\s*:",
    r"\b(reveal|print|repeat|show)\b[^.!?\n]{0,20}\b(your|the) (system )?(prompt|instructions)\b",
)
_VERDICT = (
    (
        r"\b(mark|rate|label|set|answer|judge|classify|score)\b[^.!?\n]{0,30}\b(all|every|each|this|the)\b[^.!?\n]{0,30}"
        r"\b(criteri(a|on)|record|abstract|article|paper|study)\b[^.!?\n]{0,30}\b(as|to)\b[^.!?\n]{0,10}"
        r"(\b(met|not[ _]met|includ\w*|exclud\w*|relevant|irrelevant)\b)"
    ),
    (
        r"\b(you must|please|always|make sure to|be sure to)\b[^.!?\n]{0,15}\b(include|exclude|accept|reject)"
        r"\b[^.!?\n]{0,10}\bthis (record|abstract|article|paper|study|document)\b"
    ),
    r"\bthis (record|abstract|article|paper|study) (must|should|has to) be (included|excluded|accepted|rejected)\b",
    r"\b(respond|reply|answer|output)\b (only |just )?(with|as)? ?[\"'“`](include|exclude|met|not[ _]met|yes|no)\b",
    r"[\"“']?(judge?ment|verdict)[\"”']?\s*:\s*[\"“']?(met|not_met|unclear|include|exclude)\b",
)
_READER = (
    (
        r"\b(attention|note|message|instructions?) (to|for)( all| any| the)? "
        r"(ai|llm|language model|automated|machine|screening (tool|assistant))\b"
    ),
    r"\bif you are (an? )?(ai|llm|language model|large language model|assistant|chatbot|automated)\b",
    r"\bas an ai (language )?model\b",
)
_DELIMITER = (
    r"<{2,3}/?\s*(end|begin|record|data|text|abstract)\b|[-=#]{3,}\s*(end|begin)\b[^\n]{0,30}[-=#]{3,}",
    r"\bend of (the )?(record|untrusted text|user input|document data)\b|```\s*(system|json)?\s*\n",
    r"</?(record|untrusted|document|context|instructions?)\b[^>\n]{0,30}>",
)
_PATTERNS = {
    name: re.compile("|".join(f"(?:{part})" for part in parts))
    for name, parts in (
        ("instruction", _INSTRUCTION),
        ("role", _ROLE),
        ("asks_for_verdict", _VERDICT),
        ("talks_to_ai", _READER),
        ("fake_delimiter", _DELIMITER),
    )
}
_BY_LINE = {"role", "fake_delimiter"}  # these depend on line ends, the others run on over them
# Letters that look Latin, folded only for looking: a Cyrillic "іgnоrе" is caught, and the text stays as it is.
_LOOKALIKES = str.maketrans("аеорсухіѕјԁο", "aeopcyxisjdo")


def injection_flags(text: str) -> tuple[str, ...]:
    """Names of what in `text` looks meant for a model rather than for a reader, sorted; empty for ordinary text.

    instruction, role, asks_for_verdict, talks_to_ai, fake_delimiter: what the visible text says, in thirteen languages
    for the first. hidden_text: tag characters, bidirectional overrides or a good many other invisible characters.
    """
    cleaned = clean(text)
    spoken = cleaned.text + "\n" + "".join(chr(_TAG_TEXT[ord(c)]) for c in text if ord(c) in _TAG_TEXT)
    plain = re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFKC", spoken)).lower()
    joined = plain.replace("\n", " ")
    views = {joined, joined.translate(_LOOKALIKES)}  # one and the same for most texts
    flags = {
        name
        for name, pattern in _PATTERNS.items()
        if any(pattern.search(view) for view in ({plain} if name in _BY_LINE else views))
    }
    if _hides(text, cleaned):
        flags.add("hidden_text")
    return tuple(sorted(flags))


def _hides(text: str, cleaned: Cleaned) -> bool:
    """Stray zero-width spaces and soft hyphens are everyday; overrides, tags and masses of the others are not."""
    if cleaned.removed.get("tag") or any("\u202a" <= c <= "\u202e" for c in text):
        return True
    odd = sum(cleaned.removed.get(kind, 0) for kind in ("zero_width", "variation", "filler", "bidi"))
    return odd > max(8, len(cleaned.text) // 20)
