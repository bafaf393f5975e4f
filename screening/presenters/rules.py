"""The rules of a stage as a person says them: one sentence for each thing that they settle."""

from screening.enums import Assignment, Oversight, QueueOrder
from screening.models.stage import StageRule
from screening.queries.team.numbers import names_of

ORDER = {
    QueueOrder.RELEVANCE: "likely includes first where the AI’s mode allows it, else at random",
    QueueOrder.RANDOM: "in random order",
    QueueOrder.NEWEST: "newest first",
    QueueOrder.TITLE: "by title",
}


def said(rule: StageRule) -> dict[str, str]:
    """Part of the rule -> its sentence. The parts are those of `forms.stage_rules.GROUPS`."""
    return {
        "who": who(rule),
        "conflicts": conflicts(rule),
        "handing": handing(rule),
        "saying": saying(rule),
        "lists": "Reviewers may decide on many records of a list at once" if rule.bulk_allowed else "One by one only",
        "ai": Oversight(rule.oversight).label if rule.review.ai_enabled else "AI is off for this review",
    }


def who(rule: StageRule) -> str:
    """How many reviewers, and who must be among them."""
    if rule.reviewers_per_record == 1 or not rule.double_share:
        people = "One reviewer for each record"
    elif rule.double_share == 100:
        people = "Two reviewers for each record, independently"
    else:
        people = f"Two reviewers for {rule.double_share} % of the records, drawn at random, and one for the rest"
    senior = "; a senior reviewer must be among them" if rule.senior_among else ""
    waived = "; the second is waived at clear exclusions" if rule.waive_second and rule.reviewers_per_record > 1 else ""
    return people + senior + waived


def conflicts(rule: StageRule) -> str:
    """Who settles them."""
    own = "also" if rule.own_conflicts else "but never"
    names = sorted(names_of(set(rule.adjudicators)).values(), key=str.casefold) if rule.adjudicators else []
    return f"Settled by {' or '.join(names) or 'an adjudicator'}, {own} where their own vote is part of it"


def handing(rule: StageRule) -> str:
    """To whom records go, and in which order."""
    to = "Open queue" if rule.assignment == Assignment.OPEN else "Shares per person"
    return f"{to}, {ORDER[QueueOrder(rule.queue_order)]}"


def saying(rule: StageRule) -> str:
    """What an exclusion has to come with."""
    reason = "An exclusion needs a reason from the list" if rule.reason_required else "An exclusion needs no reason"
    return reason + ("; it says which criteria are not met" if rule.ask_criteria else "")
