"""Names that people give to what they make, a tag or a filter: one spelling for what looks the same. Pure."""

import re
import unicodedata

# What turns the direction of the text around it, what breaks and joins without a mark, and letters that are blank.
# The joiners U+200C and U+200D stay: Persian is spelt with the one, emoji are put together with the other.
UNSEEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]"
)
SEEN = ("L", "N", "P", "S")  # general categories of Unicode: letters, numbers, punctuation, symbols


def tidy(name: str) -> str:
    """The name composed (Unicode NFC), on one line, without what nobody sees; "" where nothing is left to see."""
    bare = UNSEEN.sub("", unicodedata.normalize("NFC", name))
    plain = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in bare)
    words = " ".join(plain.split())
    return words if any(unicodedata.category(one)[0] in SEEN for one in words) else ""
