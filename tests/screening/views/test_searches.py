"""The pages of searches: what is said, who may do what, how many queries they take."""

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.actions import search_runs
from screening.enums import Role, SearchStatus
from screening.models.search import SavedSearch
from screening.queries.prisma.sources import sources_of
from tests import builders
from tests.searched import counted, fetched, imported, saved, server, worked  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return builders.review()


@pytest.fixture
def lead(client, review):
    client.force_login(review.created_by)
    return client


def page(client, review, name="searches", *args):
    return client.get(reverse(f"screening:{name}", args=[review.pk, *args]))


def act(client, search, verb):
    return client.post(reverse("screening:search-change", args=[search.review_id, search.pk, verb]), follow=True)


def test_with_the_setting_off_the_pages_say_so_in_plain_words_and_nothing_can_be_run(lead, review):
    search = saved(review)
    for name, args in (("searches", ()), ("search", (search.pk,))):
        text = page(lead, review, name, *args).content.decode()
        assert "switched off on this server: no request leaves it" in text
        assert "How many?" not in text
    assert "switched off" in act(lead, search, "count").content.decode()
    assert not search.runs.exists()


def test_a_scheduled_search_names_its_next_day_only_while_searches_are_on(lead, review, settings):
    search = saved(review, schedule="weekly")
    assert "every week, waits: searches are off" in " ".join(
        page(lead, review, "search", search.pk).content.decode().split()
    )
    settings.SEARCHES_ON = True
    assert (
        f"every week, next on {timezone.localtime(search.next_at):%-d %B %Y}"
        in page(lead, review, "search", search.pk).content.decode()
    )


def test_a_lead_writes_a_search_down_and_is_led_to_counting(lead, review, server):  # noqa: F811
    given = {"provider": "pubmed", "strategy": "asthma", "schedule": "weekly", "published_from": "2010-01-01"}
    response = lead.post(reverse("screening:search-new", args=[review.pk]), given, follow=True)
    search = SavedSearch.objects.get()
    assert (search.source.name, search.source.platform, search.schedule) == ("PubMed", "NCBI E-utilities", "weekly")
    assert "How many?" in response.content.decode()
    assert server.asked == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"strategy": "#1 AND #2"}, "put the lines together"),
        ({"published_from": "2020-01-01", "published_to": "2010-01-01"}, "after the last"),
        ({"source_name": "Searched"}, "has a search already"),
        ({"provider": "scholar"}, "Select a valid choice"),
        ({"strategy": " "}, "required"),
    ],
)
def test_what_can_t_be_kept_is_refused_with_a_mend_and_what_was_typed_stays(lead, review, given, said):
    saved(review)
    typed = {"provider": "pubmed", "strategy": "wheeze", "schedule": "never", **given}
    text = lead.post(reverse("screening:search-new", args=[review.pk]), typed).content.decode()
    assert said in text
    assert typed["strategy"].strip() in text
    assert SavedSearch.objects.count() == 1


def test_count_and_fetch_by_their_buttons(lead, review, server):  # noqa: F811
    search = saved(review)
    act(lead, search, "count")
    worked(search.runs.get())
    text = page(lead, review, "search", search.pk).content.decode()
    assert "Fetch them" in text
    act(lead, search, "fetch")
    worked(search.runs.get())
    text = page(lead, review, "search", search.pk).content.decode()
    assert "Fetched 5 of 5" in text
    assert "every 2s" not in text  # over: it asks no more


def test_verbs_that_come_too_late_say_so(lead, review, server):  # noqa: F811
    search = saved(review)
    assert "moved on" in act(lead, search, "fetch").content.decode()
    search_runs.count(search=search, by=review.created_by)
    assert "running already" in act(lead, search, "count").content.decode()
    act(lead, search, "cancel")
    assert search.runs.get().status == SearchStatus.CANCELLED
    assert act(lead, search, "unheard-of").status_code == 404


def test_others_of_the_team_see_and_change_nothing(client, review, server):  # noqa: F811
    search = saved(review)
    counted(search)
    person = builders.user()
    builders.join(review, person, Role.REVIEWER)
    client.force_login(person)
    text = page(client, review, "search", search.pk).content.decode()
    assert "asthma" in text
    assert "Fetch them" not in text
    assert act(client, search, "fetch").status_code == 403


def test_a_strategy_and_a_provider_s_words_are_shown_as_text(lead, review, server):  # noqa: F811
    search = saved(review, '<script>alert("x")</script> nothing')
    counted(search)
    text = page(lead, review, "search", search.pk).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_a_removed_search_leaves_the_list_and_its_runs_stay(lead, review, server):  # noqa: F811
    search = saved(review)
    fetched(search)
    act(lead, search, "remove")
    assert "No searches yet" in page(lead, review).content.decode()
    text = page(lead, review, "search", search.pk).content.decode()
    assert "removed" in text
    assert "Fetch them" not in text
    assert saved(review).source_id == search.source_id  # its source may have another


def test_the_list_takes_as_many_queries_for_three_as_for_one(lead, review, server, django_assert_num_queries):  # noqa: F811
    fetched(saved(review))
    page(lead, review)
    with CaptureQueries() as one:
        page(lead, review)
    for n in range(2):
        fetched(saved(review, source_name=f"Source {n}"))
    with django_assert_num_queries(len(one)):
        page(lead, review)


def test_a_search_takes_as_many_queries_for_three_runs_as_for_one(lead, review, server, django_assert_num_queries):  # noqa: F811
    search = saved(review)
    fetched(search)
    with CaptureQueries() as one:
        page(lead, review, "search", search.pk)
    for _ in range(2):
        fetched(search)
    with django_assert_num_queries(len(one)):
        page(lead, review, "search", search.pk)


def test_prisma_names_each_source_with_its_day_its_strategy_and_what_it_brought(lead, review, server):  # noqa: F811
    imported(fetched(saved(review)))
    fetched(saved(review, provider="europe_pmc", source_name="Not imported"))
    saved(review, source_name="Not searched")
    text = page(lead, review, "prisma").content.decode()
    assert f"{timezone.localdate():%-d %B %Y}" in text
    assert "asthma</pre>" in text
    assert [(source.name, source.brought) for source in sources_of(review)] == [("Not imported", 0), ("Searched", 5)]


def test_the_page_of_a_file_says_which_search_fetched_it(lead, review, server):  # noqa: F811
    search = saved(review)
    file = imported(fetched(search))
    text = page(lead, review, "import", file.pk).content.decode()
    assert f'<a href="{search.get_absolute_url()}">the search of this source</a>' in text


class CaptureQueries:
    """How many queries a block makes."""

    def __enter__(self):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self._context = CaptureQueriesContext(connection)
        return self._context.__enter__()

    def __exit__(self, *error):
        self._context.__exit__(*error)
