"""A real multi-source set: imported through the pages by a real worker, deduplicated, screened by two people through
the API to the end of both stages, adjudicated; then the PRISMA flow balances and every number equals its list."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from screening import prisma
from screening.enums import ImportStatus, Role, Stage
from screening.importing import parse
from screening.models.decision import Decision
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.protocol import ExclusionReason
from screening.models.record import Record
from screening.models.review import Review
from screening.models.source import ImportedFile
from screening.models.stage import StageState
from screening.views.prisma import flow_of, links_of
from tests import builders
from tests.fixtures.workers import Worker

EXPORTS = Path(__file__).parents[2].parent / "shared" / "data" / "citations" / "exports"
# one library from two databases' formats, and searches on depression and health services in the other two
FILES = {
    "Reflib/blue-light.ris": "EndNote library",
    "Reflib/blue-light.nbib": "PubMed",
    "buhos/scielo.ris": "SciELO",
    "buhos/scielo.bib": "SciELO by BibTeX",
    "buhos/pubmed-depression-set.nbib": "PubMed, depression",
    "citation-file-formatting/CSV/_baseline.csv": "Spreadsheet",
}
OVER = (ImportStatus.DONE, ImportStatus.FAILED, ImportStatus.REFUSED)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not EXPORTS.exists(), reason="The shared data is not beside the project."),
]


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def hand_in(client: Client, review: Review, name: str, source: str) -> ImportedFile:
    """Upload, look at the dry run, import: the three requests of the page."""
    content = SimpleUploadedFile(Path(name).name, (EXPORTS / name).read_bytes())
    address = reverse("screening:imports", args=[review.pk])
    answer = client.post(address, {"source": source, "kind": "database", "files": [content]})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    file = ImportedFile.objects.filter(review=review).latest("id")
    until(lambda: ImportedFile.objects.get(pk=file.pk).status != ImportStatus.CHECKING)
    client.post(reverse("screening:import-commit", args=[review.pk, file.pk]))
    until(lambda: ImportedFile.objects.get(pk=file.pk).status in OVER)
    file.refresh_from_db()
    assert file.status == ImportStatus.DONE, f"{name}: {file.error}"
    return file


class Scripted:
    """A reviewer who follows a rule: what they say depends on the record's id alone."""

    def __init__(self, review: Review, person: User, rule: Callable[[int, str], str]) -> None:
        self.review, self.client, self.rule = review, signed_in(person), rule
        self.queue = f"/api/reviews/{review.pk}/queue/"
        self.decisions = f"/api/reviews/{review.pk}/decisions/"

    def screen(self, stage: str) -> int:
        """Everything that this stage has for them; how many that was."""
        count = 0
        records = self.client.get(f"{self.queue}?stage={stage}&limit=20").json()["records"]
        while records:
            card = records.pop(0)
            reply = self.say(card["id"], stage, [other["id"] for other in records])
            records += reply["next"]
            count += 1
        return count

    def say(self, record: int, stage: str, have: list[int]) -> dict[str, list[dict[str, int]]]:
        verdict = self.rule(record, stage)
        reason = None
        if verdict == "exclude":
            reason = ExclusionReason.objects.filter(review=self.review, stage=stage)[record % 2].pk
        body = {"record": record, "stage": stage, "verdict": verdict, "reason": reason, "have": have, "limit": 20}
        answer = self.client.post(
            self.decisions, body | {"idempotency_key": str(uuid4())}, content_type="application/json"
        )
        assert answer.status_code == 201, answer.content
        return answer.json()  # type: ignore[no-any-return]  # JSON


def cautious(record: int, stage: str) -> str:
    return "include" if record % 3 else "exclude"


def strict(record: int, stage: str) -> str:
    if stage == Stage.TITLE_ABSTRACT and record % 7 == 0:
        return "maybe"
    return "include" if record % 3 and record % 5 else "exclude"


def adjudicate(review: Review, person: User) -> int:
    """Settle every conflict by the page's form, the opinions read first."""
    client, count = signed_in(person), 0
    while state := StageState.objects.filter(review=review, status="conflict").order_by("id").first():
        opened = client.post(reverse("screening:conflict-opinions", args=[review.pk, state.pk]))
        assert opened.status_code == 200
        verdict = "include" if state.record_id % 2 else "exclude"
        reason = ExclusionReason.objects.filter(review=review, stage=state.stage).values_list("pk", flat=True)[0]
        fields = {"verdict": verdict, "reason": reason if verdict == "exclude" else "", "idempotency_key": str(uuid4())}
        client.post(reverse("screening:conflict", args=[review.pk, state.pk]), fields)
        state.refresh_from_db()
        assert state.status in ("included", "excluded")
        count += 1
    return count


@pytest.fixture
def lead() -> User:
    return builders.user("lead")


@pytest.fixture
def imported(lead: User, celery_worker: Worker, settings: Settings, tmp_path: Path) -> Review:
    """The set, imported and deduplicated; a few possible duplicates judged by hand."""
    settings.MEDIA_ROOT = tmp_path / "data" / "files"  # where the worker, a process of its own, looks
    ada, bo = builders.user("ada"), builders.user("bo")
    review = builders.review(lead=lead, reviewers=[ada, bo], adjudicators=[lead], oversight="off")
    builders.join(review, lead, Role.REVIEWER).delete()
    for stage in Stage:
        ExclusionReason.objects.create(review=review, stage=stage, position=2, text="Wrong design")
    client = signed_in(lead)
    files = [hand_in(client, review, name, source) for name, source in FILES.items()]
    assert sum(file.parsed for file in files) > 250
    for number, candidate in enumerate(DuplicateCandidate.objects.filter(review=review, status="open")[:6]):
        answer = ("not_duplicate", "duplicate")[number % 2]
        client.post(reverse("screening:duplicate", args=[review.pk, candidate.pk]), {"answer": answer})
    return review


@pytest.fixture
def screened(imported: Review, lead: User) -> Review:
    """Both stages to their end."""
    people = [
        Scripted(imported, User.objects.get(username=name), rule) for name, rule in (("ada", cautious), ("bo", strict))
    ]
    for stage in Stage:
        assert all(person.screen(stage) > 0 for person in people)
        assert adjudicate(imported, lead) > 0
    return imported


def listed(client: Client, url: str) -> int:
    """How many records the list behind a number shows, counted in its export: the pages themselves show fifty."""
    address, query = urlsplit(url).path, parse_qs(urlsplit(url).query)
    page = client.get(address, query)
    assert page.status_code == 200, url
    return int(page.context["page"].paginator.count)


def test_a_real_set_ends_in_a_flow_that_balances_and_opens(screened: Review, lead: User) -> None:
    flow = flow_of(screened)
    assert prisma.balance(flow) == []
    assert flow.awaiting_screening == flow.awaiting_assessment == 0
    files = ImportedFile.objects.filter(review=screened)
    assert sum(source.n for source in flow.sources) == sum(file.parsed for file in files)
    assert flow.duplicates == Merge.objects.filter(review=screened, undone__isnull=True).count() > 60
    assert flow.included_reports > 0
    found = sum(source.n for source in flow.sources)
    print(f"{found} found, {flow.duplicates} of them duplicates, {flow.included_reports} included")
    assert sum(reason.n for reason in flow.reasons) == flow.assessed - flow.included_reports
    client, links = signed_in(lead), links_of(screened, flow)
    wrong = {n.key: (n.n, found) for n in prisma.numbers(flow) if (found := listed(client, links[n.key])) != n.n}
    assert wrong == {}
    assert not StageState.objects.filter(review=screened, status__in=["unscreened", "partial", "conflict"]).exists()
    export_again(screened, client)


def export_again(review: Review, client: Client) -> None:
    """What goes out comes in again, record for record."""
    active = Record.objects.filter(review=review, active=True)
    for what in ("records.csv", "records.ris"):
        answer = client.get(reverse("screening:export", args=[review.pk, what]))
        again = parse(answer.getvalue())
        assert again.rejects == [], what
        assert len(again.citations) == active.count(), what
        titles = Counter(" ".join(record.title.split()) for record in active)
        assert Counter(" ".join(entry.title.split()) for entry in again.citations) == titles, what
    answer = client.get(reverse("screening:export", args=[review.pk, "decisions.csv"]))
    rows = answer.getvalue().count(b"\r\n")
    assert rows >= Decision.objects.filter(review=review).count()
