"""Where files are kept follows from the environment: this machine's disk, or a bucket of an S3-compatible store."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import StorageHandler

from reviewapp.settings import Environment, file_storage

ROOT = Path(__file__).resolve().parents[2]
BUCKET = {"s3_bucket": "reviews", "s3_access_key_id": "key", "s3_secret_access_key": "hush-hush"}


def environment(**given: str) -> Environment:
    return Environment(_env_file=None, **given)  # type: ignore[call-arg, arg-type]  # pydantic-settings' own argument


def test_without_a_bucket_files_stay_on_this_machine() -> None:
    assert file_storage(environment()) == {"BACKEND": "django.core.files.storage.FileSystemStorage"}


def test_a_bucket_keeps_the_files_and_its_secret_is_not_shown() -> None:
    given = environment(**BUCKET, s3_endpoint_url="http://store.example:9000", s3_region="eu-central-1")
    storage = file_storage(given)
    assert storage["BACKEND"] == "storages.backends.s3.S3Storage"
    options = storage["OPTIONS"]
    assert (options["bucket_name"], options["endpoint_url"]) == ("reviews", "http://store.example:9000")
    assert (options["region_name"], options["secret_key"]) == ("eu-central-1", "hush-hush")
    assert options["default_acl"] is None  # private, as the bucket is
    assert "hush-hush" not in repr(given)


def test_a_key_without_its_secret_stops_the_start_with_a_sentence() -> None:
    with pytest.raises(ImproperlyConfigured, match="belong together"):
        file_storage(environment(s3_bucket="reviews", s3_access_key_id="key"))


def test_a_web_process_with_a_bucket_starts_without_loading_its_client() -> None:
    code = (
        "import django, json, sys; django.setup(); import reviewapp.urls;"
        "from django.conf import settings; print(json.dumps([settings.STORAGES['default']['BACKEND'],"
        "[name for name in ('boto3', 'botocore', 'storages') if name in sys.modules]]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            **os.environ,
            **{name.upper(): value for name, value in BUCKET.items()},
            "DJANGO_SETTINGS_MODULE": "reviewapp.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    backend, loaded = json.loads(run.stdout.splitlines()[-1])
    assert backend == "storages.backends.s3.S3Storage"
    assert loaded == []


class Store(BaseHTTPRequestHandler):
    """As much of S3 as keeping one object takes."""

    kept: dict[str, bytes] = {}

    def do_PUT(self) -> None:
        Store.kept[self.path.split("?")[0]] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, b"")

    def do_HEAD(self) -> None:
        found = Store.kept.get(self.path.split("?")[0])
        self._answer(404 if found is None else 200, b"", len(found or b""))

    def do_GET(self) -> None:
        found = Store.kept.get(self.path.split("?")[0])
        self._answer(404 if found is None else 200, found or b"")

    def _answer(self, status: int, body: bytes, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("ETag", '"0"')
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def store() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Store)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_file_goes_to_a_bucket_and_comes_back(store: str) -> None:
    storage = StorageHandler().create_storage(file_storage(environment(**BUCKET, s3_endpoint_url=store)))
    name = storage.save("documents/ab/abc.pdf", ContentFile(b"%PDF-1.7 and so on"))
    assert name == "documents/ab/abc.pdf"
    assert storage.exists(name)
    assert storage.size(name) == 18
    with storage.open(name) as kept:
        kept.seek(5)
        assert kept.read() == b"1.7 and so on"
    with pytest.raises(NotImplementedError):
        storage.path(name)
