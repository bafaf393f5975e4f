from tests.searched import server  # noqa: F401  (a fixture)
