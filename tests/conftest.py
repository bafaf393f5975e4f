"""What every test stands on: real PostgreSQL, no network, quick passwords, nothing of the developer's data."""

import os

import hypothesis
import pytest
from django.conf import settings

pytest_plugins = [
    "tests.fixtures.sharing",
    "tests.fixtures.network",
    "tests.fixtures.homes",
    "tests.fixtures.database",
    "tests.fixtures.memory",
    "tests.fixtures.collector",
    "tests.fixtures.demonstration",
    "tests.fixtures.workers",
    "tests.fixtures.browser",
]


hypothesis.settings.register_profile("untimed", deadline=None)  # a machine that has other work fails no test
hypothesis.settings.load_profile("untimed")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test by the beginning of a long value: the whole of it would fill the report of a failure."""
    return f"{argname}-{val[:12]!r}-{len(val)}" if isinstance(val, str | bytes) and len(val) > 80 else None


def pytest_configure(config: pytest.Config) -> None:
    """Change what would make tests slow or reach outside; everything else is as in production."""
    from tests.fixtures.sharing import shared_folder  # not above: pytest is to import a plugin itself, for its asserts

    scratch = config.stash[shared_folder] / f"process-{os.getpid()}"
    settings.MEDIA_ROOT = scratch / "files"
    settings.STATIC_ROOT = scratch / "static"
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.STORAGES = {
        **settings.STORAGES,
        # names without hashes: nobody has to run collectstatic before a test
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 takes 50 ms on purpose
    settings.CELERY_BROKER_URL = "memory://"  # the doorbell rings in an empty house unless `start_worker` is asked for
