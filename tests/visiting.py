"""What people do in a browser, for the stories in tests/browser: sign in, open a page, press keys, wait."""

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from screening.management.demonstration.loader import password as demonstration_password
from screening.models.review import Review


def sign_in(page: Page, username: str, password: str | None = None) -> None:
    """By the form, with the keyboard, as everybody does."""
    page.goto("/accounts/login/")
    page.get_by_label("Username").or_(page.get_by_label("Login")).first.fill(username)
    page.locator("input[name=password]").fill(password or demonstration_password())
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)


def enter(page: Page, person: User) -> None:
    """Give the page a session without the form: for tests that are about something else."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "domain": "localhost", "path": "/"}])


def open_workbench(page: Page, review: Review, stage: str = "title_abstract") -> None:
    page.goto(f"/reviews/{review.pk}/screen/{stage}/")
    page.wait_for_selector("#workbench[data-ready]")


def title(page: Page) -> str:
    """The title of the record that is on screen."""
    return page.locator(".wb-title").inner_text()


def settled(page: Page) -> None:
    """Wait until nothing is on its way to the server, asking at each frame: `expect` asks after 100, 350, 850 ms."""
    saving = "(one) => one.checkVisibility() || Number(one.dataset.saving)"
    page.wait_for_function(f"() => ![...document.querySelectorAll('[data-flight]')].some({saving})", timeout=20_000)


def choose(page: Page, setting: str, value: str) -> None:
    """Set a choice of the legend, with the keyboard."""
    page.keyboard.press("?")
    page.locator(f"#wb-legend input[name={setting}][value={value}]").check()
    page.keyboard.press("Escape")
    expect(page.locator("#wb-legend")).to_be_hidden()


HARMLESS = (
    "Failed to load resource",  # repeats a status that is looked at on its own
    "Transport destroyed",  # pdf.js, of a page that was on its way when its document was left
)


class Watch:
    """What a page should never do: complain in the console, break the content policy, talk to a third party."""

    def __init__(self, page: Page, host: str) -> None:
        self.host, self.complaints = host, list[str]()
        page.on("console", self._said)
        page.on("request", self._asked)
        page.on("response", lambda reply: self._answered(reply.status, reply.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(harmless in message.text for harmless in HARMLESS):
            self.complaints.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.host, "data:", "blob:")):
            self.complaints.append(f"third party: {request.url}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 400:
            self.complaints.append(f"{status}: {url}")
