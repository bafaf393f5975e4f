"""Going back behind the runs that people ask for again says so where it can't be done, before anything is changed."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db.migrations.exceptions import IrreversibleError

from screening.actions import again
from screening.models.suggestion import Suggestion
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

migration = import_module("screening.migrations.0025_again")


@pytest.mark.django_db
def test_there_is_no_way_back_once_a_suggestion_was_run_again(model_server):  # noqa: F811
    review = assisting.review()
    builders.record(review)
    run = assisting.start(assisting.llm(review, model_server, "a+met"))
    assisting.work(run)
    migration.back(apps, None)
    again.start(suggestion=Suggestion.objects.get(), by=run.created_by)
    with pytest.raises(IrreversibleError, match="1 times"):
        migration.back(apps, None)
