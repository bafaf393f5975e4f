"""What processes remember of rows that never change must not outlive the test's database, where ids start again."""

from collections.abc import Iterator

import pytest

from screening.actions import suggestions
from screening.queries import work


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    suggestions.job_of.cache_clear()
    suggestions._kept_line.cache_clear()
    work.criteria_of.cache_clear()
