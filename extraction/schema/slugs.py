"""Keys from labels: short, plain, and each once."""

import re
import unicodedata
from collections.abc import Container

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
OPTION_KEY = re.compile(r"[A-Za-z0-9_]{1,60}")


def slug(label: str, taken: Container[str] = (), *, start: str = "field") -> str:
    """A key made of `label` that is not among `taken`: "Mean age (years)" gives "mean_age_years"."""
    plain = unicodedata.normalize("NFKD", label.replace("%", " percent ")).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    base = (words if words[:1].isalpha() else f"{start}_{words}".rstrip("_"))[:50].rstrip("_")
    number = 1
    key = base
    while key in taken:
        number += 1
        key = f"{base}_{number}"
    return key
