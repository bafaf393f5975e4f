"""Which processes `manage.py up` starts, and with what."""

from pathlib import Path

import pytest

from reviewapp.ai import embedding
from reviewapp.management import services


@pytest.mark.parametrize("installed", [True, False])
def test_the_worker_that_embeds_runs_only_where_the_model_is_installed_and_gives_way_to_all_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, installed: bool
) -> None:
    monkeypatch.setattr(embedding, "available", lambda: installed)
    started = {one.name: one.command() for one in services.background(tmp_path, {}, tmp_path, calls_in_flight=4)}
    others = ["worker-llm", "worker-cpu", "beat"]
    assert sorted(started) == sorted([*others, "worker-embed"] if installed else others)
    if installed:
        command = started["worker-embed"]
        assert command[command.index("-Q") + 1] == "embed"
        assert command[0] == "nice"
    assert all("embed" not in started[name] for name in others)
