"""A page of the queue of possible duplicates: two records of a cluster beside one another, and the ways on from it."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from screening.access import Seat
from screening.actions import duplicates, pair_answers
from screening.enums import NOTICES, CandidateStatus, RelationSort
from screening.models.merge import DuplicateCandidate
from screening.models.record import Record
from screening.page import render_review
from screening.queries.identification import beside, pair_clusters
from screening.queries.identification.duplicates import shown_records, side_by_side
from screening.queries.identification.pair_clusters import Cluster, Narrowing
from screening.views import pair_steps

SORTS = [
    ("Other report of the study", [sort for sort in RelationSort if sort not in NOTICES]),
    ("Notice about the other", [sort for sort in RelationSort if sort in NOTICES]),
]


@dataclass(slots=True)
class Look:
    """What one page of the queue shows: two records of a cluster, the kept one left. `pair` is None where nobody asked
    about these two; `cluster` where the pair was judged."""

    left: Record
    right: Record
    pair: DuplicateCandidate | None
    cluster: Cluster | None


def address(seat: Seat, pair_id: int, narrowing: Narrowing, *, keeper: int = 0, other: int = 0) -> str:
    query = narrowing.query
    for name, value in (("keeper", keeper), ("with", other)):
        if value:
            query += f"{'&' if query else '?'}{name}={value}"
    return reverse("screening:duplicate", args=[seat.review.pk, pair_id]) + query


def entry(seat: Seat, cluster: Cluster, narrowing: Narrowing) -> str:
    """Where a cluster is begun: beside the record that says most, where there are more than two."""
    found = address(seat, cluster.pairs[0].id, narrowing)
    if len(cluster.members) == 2:
        return found
    return f"{found}{'&' if narrowing else '?'}start=1"


def number(request: HttpRequest, name: str) -> int:
    said = (request.POST if request.method == "POST" else request.GET).get(name, "")
    return int(said) if said.isdecimal() and len(said) < 18 else 0


def candidate_for(seat: Seat, candidate_id: int) -> DuplicateCandidate:
    ends = (f"{end}{more}" for end in ("first", "second") for more in ("__merged_into", "__citation__source"))
    pairs = DuplicateCandidate.objects.select_related("review", "judged_by", *ends)
    candidate = pairs.filter(review=seat.review, pk=candidate_id).first()
    if candidate is None:
        raise Http404("There is no such pair in this review.")
    return candidate


@dataclass(frozen=True, slots=True)
class Queue:
    """All open clusters, as far as the queue is narrowed to them."""

    clusters: list[Cluster]
    narrowing: Narrowing

    def place(self, cluster: Cluster) -> int | None:
        """Where it stands, from 0."""
        return next((at for at, one in enumerate(self.clusters) if one.place == cluster.place), None)


def queue_of(seat: Seat, request: HttpRequest) -> Queue:
    """The queue as the address narrows it."""
    narrowing = Narrowing.of(request.GET.dict())
    return Queue(pair_clusters.clusters_of(seat.review, narrowing), narrowing)


def show(
    request: HttpRequest, seat: Seat, candidate: DuplicateCandidate | None, queue: Queue, *, start: bool = False
) -> HttpResponse:
    """The page; without a pair it says that none waits. `start`: beside the record of the cluster that says most."""
    context: dict[str, Any] = {
        "candidate": candidate,
        "progress": pair_clusters.progress(seat.review),
        "tab": "judge",
        "narrowing": queue.narrowing,
        "choices": pair_clusters.choices(seat.review),
        "clusters": len(queue.clusters),
        "can_undo": pair_steps.last(request, seat.review.pk) is not None,
    }
    context["left_over"] = context["progress"].left
    if candidate is not None:
        context |= _beside(request, seat, candidate, queue, start=start or bool(request.GET.get("start")))
    return render_review(request, seat, "screening/duplicates.html", context)


def _beside(
    request: HttpRequest, seat: Seat, candidate: DuplicateCandidate, queue: Queue, *, start: bool
) -> dict[str, Any]:
    look = _look(request, seat, candidate, queue, start=start)
    found: dict[str, Any] = {
        "candidate": look.pair or candidate,
        "address": candidate,
        "asked": look.pair,
        "left": look.left,
        "right": look.right,
        "rows": side_by_side(look.left, look.right),
        "why": beside.why(look.left, look.right),
        "sorts": SORTS,
        "special": _special(look),
        "swap": address(seat, candidate.pk, queue.narrowing, keeper=look.right.pk, other=look.left.pk),
    }
    cluster = look.cluster
    if cluster is None:
        alone = beside.members_of([look.left.pk, look.right.pk], kept=look.left.pk, linked=[look.right.pk])
        return found | {"members": [(member, "") for member in alone]}
    return found | _of_cluster(request, seat, candidate, queue, look, cluster)


def _of_cluster(
    request: HttpRequest, seat: Seat, candidate: DuplicateCandidate, queue: Queue, look: Look, cluster: Cluster
) -> dict[str, Any]:
    pair_answers.look_at(candidate=candidate, user=seat.user)
    held = pair_clusters.held_by_others(seat.review, seat.user.pk)
    members = beside.members_of(cluster.members, kept=look.left.pk, linked=cluster.linked(look.left.pk))
    links = [
        address(seat, candidate.pk, queue.narrowing, keeper=look.left.pk, other=member.record.pk)
        for member in members[1:]
    ]
    return {
        "members": list(zip(members, ["", *links], strict=True)),
        "size": len(cluster.members),
        "more": len(cluster.members) - len(members),
        "ids": ",".join(str(pk) for pk in sorted(cluster.members)),
        "here_too": sorted({held[pair.id] for pair in cluster.pairs if pair.id in held}),
        "confirm_all": request.GET.get("all") == "1" and len(cluster.members) > 2,
        **_ways(seat, queue, cluster, links, [member.record.pk for member in members[1:]].index(look.right.pk)),
    }


def _look(request: HttpRequest, seat: Seat, candidate: DuplicateCandidate, queue: Queue, *, start: bool) -> Look:
    cluster = pair_clusters.cluster_with(queue.clusters, candidate.pk)
    left, right = shown_records(candidate)
    if cluster is None and candidate.status == CandidateStatus.OPEN and left != right:
        cluster = pair_clusters.cluster_with(pair_clusters.clusters_of(seat.review), candidate.pk)
    if cluster is None:
        if left == right:  # one record by now: show the two that were compared
            left, right = candidate.first, candidate.second
        return Look(left, right, candidate, None)
    kept, other = number(request, "keeper"), number(request, "with")
    if kept not in cluster.members:
        among = cluster.members if start else {left.pk, right.pk}
        plain = among - pair_clusters.special_in(cluster)  # notices, preprints and entries are seen beside the article
        kept = duplicates.worthier(plain or among, review=seat.review)
    if other not in cluster.members or other == kept:
        other = next((pk for pk in (left.pk, right.pk) if pk != kept), kept)
        other = other if kept in (left.pk, right.pk) else cluster.linked(kept)[0]
    between = cluster.between(kept, other)
    records = Record.objects.select_related("citation__source").in_bulk([kept, other])
    asked = None
    if between:
        asked = candidate if between.id == candidate.pk else candidate_for(seat, between.id)
    return Look(records[kept], records[other], asked, cluster)


def _special(look: Look) -> int:
    """The record that would be the notice, the preprint … of the other; the right one where nothing says which."""
    if look.pair is None or not look.pair.sort:
        return look.right.pk
    end = look.pair.second if look.pair.of_first else look.pair.first
    root = end.merged_into_id or end.pk
    return root if root in (look.left.pk, look.right.pk) else end.pk


def _ways(seat: Seat, queue: Queue, cluster: Cluster, links: list[str], at: int) -> dict[str, Any]:
    """Where J and K lead: to the next and the previous member, then to the next and the previous cluster."""
    place = queue.place(cluster)

    def beyond(step: int) -> str:
        there = -1 if place is None else place + step
        found = queue.clusters[there] if 0 <= there < len(queue.clusters) else None
        return entry(seat, found, queue.narrowing) if found else ""

    return {
        "position": None if place is None else place + 1,
        "after": links[at + 1] if at + 1 < len(links) else beyond(1),
        "before": links[at - 1] if at > 0 else beyond(-1),
        "skip": beyond(1) if at + 1 < len(links) else "",
    }
