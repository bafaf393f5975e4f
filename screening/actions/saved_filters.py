"""Keeping a filter of the list of records under a name."""

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from screening.enums import Role
from screening.models.review import Membership, Review
from screening.models.saved_filter import LONGEST_NAME, LONGEST_QUERY, SavedFilter
from screening.names import tidy

MOST = 30  # of one person in a review


class FilterRefusedError(ValueError):
    """The filter can't be kept so; the message says why and what to do. Nothing was changed."""


@transaction.atomic
def save(*, review: Review, name: str, query: str, by: User, shared: bool = False) -> SavedFilter:
    """Keep what a list was asked for. Raises FilterRefusedError. Its history is in the timeline; it is no event."""
    if not query:
        raise FilterRefusedError("There is nothing to save: search or filter first.")
    if len(query) > LONGEST_QUERY:
        raise FilterRefusedError("The search is too long to be saved. Nothing was saved; search with fewer words.")
    if SavedFilter.objects.filter(review=review, owner=by).count() >= MOST:
        raise FilterRefusedError(f"You have {MOST} saved filters in this review. Delete one first.")
    return _stored(SavedFilter(review=review, owner=by, name=_name(name), query=query, shared=shared))


@transaction.atomic
def rename(*, saved: SavedFilter, name: str, by: User, shared: bool | None = None) -> SavedFilter:
    """Another name, or shared with the team or not any more. Raises FilterRefusedError.

    `by` is its owner, or a lead where the owner has left the team.
    """
    _own(saved, by)
    saved.name = _name(name)
    saved.shared = saved.shared if shared is None else shared
    return _stored(saved)


@transaction.atomic
def delete(*, saved: SavedFilter, by: User) -> None:
    """Forget a filter; the records stay as they are."""
    _own(saved, by)
    saved.delete()


def _own(saved: SavedFilter, by: User) -> None:
    members = Membership.objects.filter(review=saved.review_id)
    if saved.owner_id == by.pk or (
        members.filter(user=by, role=Role.LEAD).exists() and not members.filter(user=saved.owner_id).exists()
    ):
        return
    raise FilterRefusedError(f"“{saved.name}” is {saved.owner.get_username()}'s. Only they can change it.")


def _name(text: str) -> str:
    name = tidy(text)
    if not name:
        raise FilterRefusedError("A saved filter needs a name.")
    if len(name) > LONGEST_NAME:
        raise FilterRefusedError(f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}.")
    return name


def _stored(saved: SavedFilter) -> SavedFilter:
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        raise FilterRefusedError(f"You have a filter named “{saved.name}” already. Choose another name.") from error
    return saved
