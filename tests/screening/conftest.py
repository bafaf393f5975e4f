"""What processes remember of rows that never change must not outlive the test's database, where ids start again."""

from collections.abc import Iterator

import pytest

from screening.actions import outcomes
from screening.queries import work
from screening.running import turns


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    outcomes.job_of.cache_clear()
    turns.kept_line.cache_clear()
    work.criteria_of.cache_clear()
