"""Every page: axe finds nothing, nothing scrolls sideways, no complaint in the console, no third party is asked.

`PAGES` names each page of the product and who looks; a new address that is in no list here fails a test.
"""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLPattern, reverse
from playwright.sync_api import Page

from extraction.models.form import Form
from extraction.models.value import Value
from extraction.urls import urlpatterns as of_extraction
from screening.models.document import Document
from screening.models.merge import DuplicateCandidate
from screening.models.record import Record
from screening.models.review import Review
from screening.models.run import Run
from screening.models.source import ImportedFile, Source
from screening.models.stage import StageState
from screening.models.study import Study
from screening.urls import urlpatterns as of_screening
from tests import builders
from tests.fixtures.browser import NewPage
from tests.visiting import Watch, enter, sign_in

WIDTHS = (1440, 390)
NARROW = 320
SCHEMES = ("light", "dark")
# the other theme changes colours and nothing else
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
# half-way through a change of theme, colours are neither
AT_REST = """() => new Promise((rest) => requestAnimationFrame(() => {
    for (const one of document.getAnimations()) if (one.effect?.getTiming().iterations !== Infinity) one.finish();
    requestAnimationFrame(rest);
}))"""

Arguments = Callable[[Review], list[int | str]]


def _first(model: type, **filters: object) -> Arguments:
    """The review and the first row of a model in it."""
    return lambda review: [review.pk, model.objects.filter(review=review, **filters).order_by("pk")[0].pk]  # type: ignore[attr-defined]


def _nothing(review: Review) -> list[int | str]:
    return []


def _review(review: Review) -> list[int | str]:
    return [review.pk]


def _sheet(label: str, instrument: str = "") -> Arguments:
    """The review, a study by its label and a form: that of data, or that of a tool."""

    def arguments(review: Review) -> list[int | str]:
        form = Form.objects.get(review=review, instrument=instrument)
        return [review.pk, Study.objects.get(review=review, label=label).pk, form.pk]

    return arguments


def _cell(review: Review) -> list[int | str]:
    """A cell about which somebody changed what was proposed."""
    value = Value.objects.filter(study__review=review, manner="edited").order_by("pk")[0]
    return [review.pk, value.study_id, value.form_version.form_id, value.cell]


PAGES: dict[str, tuple[str, Arguments]] = {
    "reviews": ("lee", _nothing),
    "start": ("lee", _nothing),
    "review": ("lee", _review),
    "settings": ("lee", _review),
    "protocol": ("lee", _review),
    "protocol-edit": ("lee", _review),
    "team": ("lee", _review),
    "conflicts": ("lee", _review),
    "conflict": ("lee", _first(StageState, status="conflict")),
    "records": ("lee", _review),
    "studies": ("lee", _review),
    "study": ("lee", _first(Study)),
    "record": ("lee", _first(Record, states__status="included")),
    "timeline": ("lee", _review),
    "record-timeline": ("lee", _first(Record, states__status="included")),
    "prisma": ("lee", _review),
    "assistants": ("lee", _review),
    "run-start": ("lee", _review),
    "run": ("lee", _first(Run)),
    "imports": ("lee", _review),
    "import": ("lee", _first(ImportedFile)),
    "source": ("lee", _first(Source)),
    "duplicates": ("lee", _review),
    "duplicate": ("lee", _first(DuplicateCandidate, status="open")),
    "merges": ("lee", _review),
    "mark-duplicate": ("lee", _first(Record)),
    "documents": ("lee", _review),
    "retrieval": ("lee", _first(Record, states__status="included")),
    "document": ("lee", _first(Document, layer="text")),
    "document-place": ("lee", _first(Document)),
    "screen": ("robin", _review),
    "extraction:home": ("lee", _review),
    "extraction:run-start": ("lee", _review),
    "extraction:sheet": ("robin", _sheet("Taylor 2012")),
    "extraction:consensus": ("lee", _sheet("Nowak 2023")),
    "extraction:table": ("lee", _review),
    "extraction:cell": ("lee", _cell),
    "extraction:bias": ("lee", _review),
    "extraction:forms": ("lee", _review),
    "extraction:form-new": ("lee", _review),
    "extraction:form": ("lee", _first(Form, purpose="data")),
    "extraction:form-publish": ("lee", _first(Form, purpose="data")),
    "extraction:form-versions": ("lee", _first(Form, purpose="data")),
}
# The same pages with something else on them.
AGAIN: tuple[tuple[str, str, Arguments], ...] = (
    ("screen", "robin", lambda review: [review.pk, "full_text"]),
    ("conflict", "lee", _first(StageState, status="conflict", stage="full_text")),
    ("document", "lee", _first(Document, layer="scan")),
    ("run", "lee", _first(Run, purpose="extraction")),
    ("run", "lee", _first(Run, stage="full_text")),
    ("study", "lee", _first(Study, reports__main=False)),
    ("extraction:home", "robin", _review),
    ("extraction:sheet", "robin", _sheet("Ferrari 2021")),
    ("extraction:sheet", "robin", _sheet("Tanaka 2020", "rob2")),
    ("extraction:sheet", "lee", _sheet("Okafor 2022")),
    ("extraction:consensus", "lee", _sheet("Tanaka 2020", "rob2")),
    ("extraction:form", "lee", _first(Form, instrument="rob2")),
    ("extraction:table", "robin", _review),
)
# Not pages: they answer to POST alone, are part of a page, or are files.
PARTS = {
    "member", "conflict-opinions", "timeline-csv", "record-timeline-csv", "prisma-file", "export", "import-card",
    "import-commit", "import-mapping", "import-discard", "import-undo", "duplicate-reopen", "unmerge", "deduplicate",
    "ai-switch", "ai-oversight", "assistant-add", "run-change", "record-tag", "record-untag", "record-note",
    "document-file", "document-change", "documents-permit",
    "extraction:bias-add", "extraction:bias-file", "extraction:form-edit", "extraction:form-preview",
    "extraction:form-undo", "extraction:form-rename", "extraction:form-retire", "extraction:form-json",
    "extraction:table-file", "extraction:rule", "extraction:work", "extraction:assign",
    "study-hints-look", "study-hint", "study-hint-reopen", "study-link", "study-restore", "report-part", "report-main",
}  # fmt: skip
ELSEWHERE = {
    "model-call": "tests/screening/views/test_audit.py: the demonstration asks no language model",
}
EMPTY = (
    "review", "protocol", "protocol-edit", "conflicts", "records", "prisma", "assistants", "imports", "duplicates",
    "merges", "timeline", "screen", "studies",
)  # fmt: skip
SIGNED_OUT = ("/accounts/login/", "/accounts/password/reset/", "/accounts/logout/")


def test_every_address_of_the_product_is_a_page_here_or_no_page() -> None:
    names = {pattern.name for pattern in of_screening if isinstance(pattern, URLPattern)}
    names |= {f"extraction:{pattern.name}" for pattern in of_extraction if isinstance(pattern, URLPattern)}
    assert names == PAGES.keys() | PARTS | ELSEWHERE.keys()


def address_of(name: str, arguments: list[int | str]) -> str:
    """The address of a page by its name in this file; names without an app are screening's."""
    return reverse(name if ":" in name else f"screening:{name}", args=arguments)


def look(page: Page, address: str) -> list[str]:
    """Open a page once, and look at it in both themes, wide and narrow; what was found."""
    found = []
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.goto(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # of SCHEMES
            page.evaluate(AT_REST)
            for rule in Axe().run(page, options=RULES[scheme]).response["violations"]:
                targets = [node["target"] for node in rule["nodes"]][:3]
                found.append(f"{address} {width} {scheme}: {rule['id']} {targets}")
    for width in (WIDTHS[1], NARROW):
        page.set_viewport_size({"width": width, "height": 640})
        over = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        if over > 0:
            found.append(f"{address} scrolls {over} px sideways at {width}")
    return found


def tour(page: Page, host: str, addresses: list[str], *, statuses: bool = True) -> None:
    watch = Watch(page, host)
    found = [line for address in addresses for line in look(page, address)]
    complaints = watch.complaints if statuses else [line for line in watch.complaints if not line[:1].isdigit()]
    assert not found + complaints, "\n".join(found + complaints)


@pytest.mark.parametrize("username", ["lee", "robin"])
def test_every_page_of_the_demonstration(
    demonstration: Review, new_page: NewPage, live_server: object, username: str
) -> None:
    page = new_page()
    sign_in(page, username)
    mine = [name for name, (who, _) in PAGES.items() if who == username]
    addresses = [address_of(name, PAGES[name][1](demonstration)) for name in mine]
    addresses += [address_of(name, of(demonstration)) for name, who, of in AGAIN if who == username]
    tour(page, live_server.url, addresses)  # type: ignore[attr-defined]  # pytest-django's


def test_the_pages_of_a_review_that_has_nothing_yet(
    transactional_db: None, new_page: NewPage, live_server: object
) -> None:
    """Empty states are pages too."""
    lead = builders.user("lead")
    review = builders.review(lead=lead, reviewers=[lead], adjudicators=[lead], criteria=[])
    page = new_page()
    enter(page, lead)
    tour(page, live_server.url, [address_of(name, [review.pk]) for name in EMPTY])  # type: ignore[attr-defined]


def test_the_pages_of_a_visitor(transactional_db: None, new_page: NewPage, live_server: object) -> None:
    tour(new_page(), live_server.url, list(SIGNED_OUT))  # type: ignore[attr-defined]


def test_error_pages(demonstration: Review, new_page: NewPage, live_server: object) -> None:
    page = new_page()
    sign_in(page, "robin")
    forbidden = reverse("screening:settings", args=[demonstration.pk])
    tour(page, live_server.url, ["/reviews/999999/", "/nowhere/", forbidden], statuses=False)  # type: ignore[attr-defined]
