"""Embedding is there or plainly not there, and only with the weights that were checked."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from reviewapp.ai import embedding
from reviewapp.ai.errors import NotInstalled, Refused

installed = pytest.mark.skipif(not embedding.available(), reason="the embedding model is not installed")


@installed
def test_near_meanings_have_near_vectors_in_the_order_of_the_texts() -> None:
    texts = ["gliflozins for adults with diabetes " * 20, "SGLT2 inhibitors in type 2 diabetes", "volcano eruptions"]
    vectors = embedding.embed(texts)
    assert vectors.shape == (3, embedding.DIMENSIONS)
    assert vectors.dtype == np.dtype("float32")
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[1] @ vectors[0] > vectors[1] @ vectors[2] + 0.2
    assert np.allclose(embedding.embed([texts[2]])[0], vectors[2], atol=1e-5)


def test_no_text_gives_no_row() -> None:
    assert embedding.embed([]).shape == (0, embedding.DIMENSIONS)


def test_asking_whether_it_is_available_loads_nothing_heavy() -> None:
    program = (
        "import sys; from reviewapp.ai import embedding, completion\n"
        "embedding.available(), embedding.model_hash(), completion.available()\n"
        "print([name for name in ('torch', 'sentence_transformers', 'litellm', 'openai') if name in sys.modules])"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(Refused, match="not the file that was checked"):
        embedding.check_weights(tmp_path)


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"model\.safetensors of the embedding model is missing"):
        embedding.check_weights(tmp_path)


def test_without_the_packages_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else find(name))
    embedding._model.cache_clear()
    assert not embedding.available()
    with pytest.raises(NotInstalled, match="Semantic features are off"):
        embedding.embed(["text"])
