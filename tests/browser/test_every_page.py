"""Every page: axe finds nothing, nothing scrolls sideways, no complaint in the console, no third party is asked.

`PAGES` names each page of the product and who looks; a new address that is in no list here fails a test.
"""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.urls import URLPattern, reverse

from audit.models.model_card import ModelCard
from extraction.models.form import Form
from extraction.models.value import Value
from extraction.urls import urlpatterns as of_extraction
from screening.actions import elsewhere, holding_out, prompts
from screening.actions.letters import off_url
from screening.models.document import Document
from screening.models.merge import DuplicateCandidate
from screening.models.pilot import PilotRound
from screening.models.record import Record
from screening.models.rescreening import Rescreening
from screening.models.review import Review
from screening.models.run import Run
from screening.models.source import ImportedFile, Source
from screening.models.stage import StageState
from screening.models.study import Study
from screening.models.suggestion import Suggestion
from screening.prompts.personas import PERSONAS
from screening.prompts.wordings import Wording
from screening.urls import card_patterns as of_models
from screening.urls import notification_patterns as of_a_person
from screening.urls import token_patterns as of_tokens
from screening.urls import urlpatterns as of_screening
from tests import builders
from tests.fixtures.browser import NewPage
from tests.touring import tour
from tests.visiting import enter, sign_in

Arguments = Callable[[Review], list[int | str]]


def _first(model: type, **filters: object) -> Arguments:
    """The review and the first row of a model in it."""
    return lambda review: [review.pk, model.objects.filter(review=review, **filters).order_by("pk")[0].pk]  # type: ignore[attr-defined]


def _nothing(review: Review) -> list[int | str]:
    return []


def _review(review: Review) -> list[int | str]:
    return [review.pk]


def _own(review: Review) -> list[int | str]:
    """The review and who looks, a reviewer."""
    return [review.pk, User.objects.get(username="robin").pk]


def _prompt(review: Review) -> list[int | str]:
    """A prompt in two versions, which the demonstration has none of."""
    found = review.prompts.first()
    if found is None:
        wording = Wording(PERSONAS[0].text, "Adults are 18 or older.")
        found = prompts.create(review=review, name=PERSONAS[0].name, wording=wording, by=review.created_by).prompt
        prompts.save(prompt=found, wording=Wording(PERSONAS[0].text, "Adults: 16 or older."), by=review.created_by)
    return [review.pk, found.pk]


def _prompt_version(review: Review) -> list[int | str]:
    return [*_prompt(review), 2]


def _held_out(review: Review) -> list[int | str]:
    """Test sets, of which the demonstration has none: one that stands, and one that was released."""
    said = {"review": review, "stage": "title_abstract", "by": review.created_by}
    for name in ("Pilot", "Validation"):
        holding_out.draw(share=5, why=name, **said)
    holding_out.release(test_set="Pilot", why="It is over", **said)
    return [review.pk]


def _round(review: Review) -> list[int | str]:
    """The closed pilot round."""
    return [review.pk, PilotRound.objects.get(review=review).pk]


def _amendment(*more: str) -> Arguments:
    """The review and the version in force, for which it was amended."""
    return lambda review: [review.pk, 2, *more]


def _elsewhere(review: Review) -> list[int | str]:
    """A file that is looked through for decisions made in another tool."""
    file = ImportedFile.objects.filter(review=review, status="done").order_by("pk")[0]
    return [review.pk, elsewhere.begin(file=file, by=review.created_by, at_once=True).pk]


def _sheet(label: str, instrument: str = "") -> Arguments:
    """The review, a study by its label and a form: that of data, or that of a tool."""

    def arguments(review: Review) -> list[int | str]:
        form = Form.objects.get(review=review, instrument=instrument)
        return [review.pk, Study.objects.get(review=review, label=label).pk, form.pk]

    return arguments


def _reviewer(review: Review) -> list[int | str]:
    """A lead's page of somebody who screens."""
    return [review.pk, review.memberships.get(user__username="robin", role="reviewer").user_id]


def _mail_off(review: Review) -> list[int | str]:
    """A link that was mailed to somebody."""
    return [off_url(review.created_by_id).rstrip("/").rpartition("/")[2]]


def _model(review: Review) -> list[int | str]:
    """A model that the server offers and nobody has approved: the demonstration asks none."""
    card = ModelCard.objects.get_or_create(name="Model", model="openai/model", provider="openai")[0]
    return [card.pk]


def _cell(review: Review) -> list[int | str]:
    """A cell about which somebody changed what was proposed."""
    value = Value.objects.filter(study__review=review, manner="edited").order_by("pk")[0]
    return [review.pk, value.study_id, value.form_version.form_id, value.cell]


PAGES: dict[str, tuple[str, Arguments]] = {
    "reviews": ("lee", _nothing),
    "start": ("lee", _nothing),
    "review": ("lee", _review),
    "progress": ("lee", _review),
    "reviewer-numbers": ("robin", _own),
    "settings": ("lee", _review),
    "highlights": ("lee", _review),
    "protocol": ("lee", _review),
    "protocol-edit": ("lee", _review),
    "protocol-difference": ("lee", _amendment()),
    "protocol-impact": ("lee", _amendment()),
    "protocol-affected": ("lee", _amendment("title_abstract")),
    "rescreen": ("lee", _review),
    "rescreening": ("lee", _first(Rescreening)),
    "team": ("lee", _review),
    "member": ("lee", _reviewer),
    "conflicts": ("lee", _review),
    "conflict": ("lee", _first(StageState, status="conflict")),
    "records": ("lee", _review),
    "saved-filters": ("lee", _review),
    "exports": ("lee", _review),
    "studies": ("lee", _review),
    "study": ("lee", _first(Study)),
    "record": ("lee", _first(Record, states__status="included")),
    "timeline": ("lee", _review),
    "record-timeline": ("lee", _first(Record, states__status="included")),
    "prisma": ("lee", _review),
    "pilots": ("lee", _review),
    "pilot": ("lee", _round),
    "agreement": ("lee", _review),
    "disagreements": ("lee", _review),
    "assistants": ("lee", _review),
    "prompts": ("lee", _review),
    "held-out": ("lee", _held_out),
    "prompt": ("lee", _prompt),
    "prompt-version": ("lee", _prompt_version),
    "run-start": ("lee", _review),
    "exceptions": ("lee", _review),
    "run": ("lee", _first(Run)),
    "suggestion": ("lee", _first(Suggestion)),
    "imports": ("lee", _review),
    "import": ("lee", _first(ImportedFile)),
    "import-quality": ("lee", _first(ImportedFile)),
    "quality": ("lee", _review),
    "elsewhere": ("lee", _elsewhere),
    "source": ("lee", _first(Source)),
    "searches": ("lee", _review),
    "search-new": ("lee", _review),
    "duplicates": ("lee", _review),
    "duplicate": ("lee", _first(DuplicateCandidate, status="open")),
    "merges": ("lee", _review),
    "duplicates-why": ("lee", _review),
    "mark-duplicate": ("lee", _first(Record)),
    "documents": ("lee", _review),
    "retrieval": ("lee", _first(Record, states__status="included")),
    "document": ("lee", _first(Document, layer="text")),
    "document-place": ("lee", _first(Document)),
    "screen": ("robin", _review),
    "models:list": ("lee", _nothing),
    "models:model": ("lee", _model),
    "models:stop": ("admin", _nothing),
    "notifications:list": ("robin", _nothing),
    "notifications:settings": ("robin", _nothing),
    "notifications:mail-off": ("robin", _mail_off),
    "tokens:list": ("robin", _nothing),
    "tokens:all": ("admin", _nothing),
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
    ("reviewer-numbers", "lee", _own),
    ("pilot", "robin", _round),
    ("protocol-difference", "lee", lambda review: [review.pk, 1]),
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
# What an address is asked, without which it sends people elsewhere.
ASKED = {"rescreen": "?stage=title_abstract&scope=all"}
# Not pages: they answer to POST alone, are part of a page, or are files.
PARTS = {
    "progress-days", "progress-people", "reviewer-days",
    "member-change", "conflict-opinions", "timeline-csv", "record-timeline-csv", "prisma-file", "export", "import-card",
    "import-quality-file", "quality-file",
    "import-commit", "import-mapping", "import-discard", "import-undo", "duplicate-reopen", "duplicates-undo",
    "unmerge", "deduplicate",
    "ai-budget", "ai-stop", "ai-calibrate",
    "prompt-publish", "prompt-try", "suggestion-again", "held-out-release",
    "ai-switch", "exception-seen", "ai-oversight", "assistant-add", "panel-add", "run-change",
    "record-tag", "record-untag", "record-note",
    "agreement-file", "pilot-close", "document-file", "document-change", "documents-permit",
    "extraction:bias-add", "extraction:bias-file", "extraction:form-edit", "extraction:form-preview",
    "extraction:form-undo", "extraction:form-rename", "extraction:form-retire", "extraction:form-json",
    "models:draft", "models:approve", "models:withdraw", "models:test",
    "notifications:count", "notifications:open", "notifications:read", "notifications:read-all",
    "tokens:revoke",
    "extraction:table-file", "extraction:rule", "extraction:work", "extraction:assign",
    "selection", "saved-filter", "bulk-undo", "rescreening-take-back",
    "search-change", "elsewhere-begin", "elsewhere-card", "elsewhere-change",
    "study-hints-look", "study-hint", "study-hint-reopen", "study-link", "study-restore", "report-part", "report-main",
}  # fmt: skip
ELSEWHERE = {
    "search": "tests/browser/test_searches.py: the demonstration searches no database",
    "search-edit": "tests/browser/test_searches.py",
    "bulk": "tests/browser/test_lists.py: the demonstration's stages allow no decisions on many records",
    "bulk-made": "tests/browser/test_lists.py",
    "model-call": "tests/screening/views/test_audit.py: the demonstration asks no language model",
}
EMPTY = (
    "progress",
    "review", "protocol", "protocol-edit", "conflicts", "records", "prisma", "assistants", "imports", "quality",
    "duplicates", "merges", "timeline", "screen", "studies",
)  # fmt: skip
SIGNED_OUT = ("/accounts/login/", "/accounts/password/reset/", "/accounts/logout/")


def test_every_address_of_the_product_is_a_page_here_or_no_page() -> None:
    names = {pattern.name for pattern in of_screening if isinstance(pattern, URLPattern)}
    names |= {f"extraction:{pattern.name}" for pattern in of_extraction if isinstance(pattern, URLPattern)}
    names |= {f"notifications:{pattern.name}" for pattern in of_a_person}
    names |= {f"models:{pattern.name}" for pattern in of_models}
    names |= {f"tokens:{pattern.name}" for pattern in of_tokens}
    assert names == PAGES.keys() | PARTS | ELSEWHERE.keys()


def address_of(name: str, arguments: list[int | str]) -> str:
    """The address of a page by its name in this file; names without an app are screening's."""
    return reverse(name if ":" in name else f"screening:{name}", args=arguments) + ASKED.get(name, "")


def addresses_of(username: str, review: Review) -> list[str]:
    """The pages of the demonstration that this person looks at, in the order of this file."""
    mine = [name for name, (who, _) in PAGES.items() if who == username]
    addresses = [address_of(name, PAGES[name][1](review)) for name in mine]
    return addresses + [address_of(name, of(review)) for name, who, of in AGAIN if who == username]


def test_every_page_of_a_reviewer(demonstration: Review, new_page: NewPage, live_server: object) -> None:
    """Those of the lead are in two files of their own, so that they can be looked at side by side."""
    page = new_page()
    sign_in(page, "robin")
    tour(page, live_server.url, addresses_of("robin", demonstration))  # type: ignore[attr-defined]  # pytest-django's
    administrator = new_page()
    sign_in(administrator, "admin")
    tour(administrator, live_server.url, addresses_of("admin", demonstration))  # type: ignore[attr-defined]


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
