"""What would keep records waiting under a rule: not forbidden, but said before somebody makes it so."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from screening.enums import Assignment, Role
from screening.models.review import Membership
from screening.models.stage import StageRule
from screening.queries.team.team import active_reviewers


@dataclass(frozen=True, slots=True)
class Doubt:
    """`mend` is where it can be mended: "team" or "settings"."""

    sentence: str
    mend: str


def doubts(rule: StageRule) -> list[Doubt]:
    """Of a rule, saved or not, with the team as it is. Three queries."""
    active = active_reviewers(rule.review_id)
    found = []
    if rule.senior_among and not any(one.senior for one in active):
        found.append(Doubt("No senior reviewer is active: every record would wait until the team has one.", "team"))
    if rule.reviewers_per_record > 1 and rule.double_share and len(active) < 2:
        people = "Only one person screens" if active else "Nobody screens"
        found.append(Doubt(f"{people}: records would wait for a second reviewer until somebody is added.", "team"))
    if rule.assignment == Assignment.SHARES and not any(one.share for one in active):
        found.append(Doubt("Nobody who screens has a share: the records would be anybody’s.", "team"))
    if rule.waive_second and rule.reviewers_per_record > 1 and not rule.ask_criteria:
        sentence = "Nobody is asked which criteria are not met, so few exclusions will be clear enough to waive."
        found.append(Doubt(sentence, "settings"))
    judges = _judges(rule)
    if rule.adjudicators and not judges:
        found.append(
            Doubt("None of those who settle conflicts here is an adjudicator now: conflicts would wait.", "team")
        )
    if not rule.own_conflicts and (lone := _judges_alone(judges, {one.user_id for one in active})):
        sentence = f"{lone} is the only adjudicator here and screens too: a conflict of their own would wait."
        found.append(Doubt(sentence, "team"))
    return found


def _judges(rule: StageRule) -> list[User]:
    """Who may settle conflicts at the stage."""
    judges = Membership.objects.filter(review_id=rule.review_id, role=Role.ADJUDICATOR).select_related("user")
    if rule.adjudicators:
        judges = judges.filter(user__in=rule.adjudicators)
    return [one.user for one in judges if one.user.is_active]


def _judges_alone(people: list[User], screening: set[int]) -> str:
    """The name of the only adjudicator, if that is somebody who screens."""
    if len(people) == 1 and people[0].pk in screening:
        return people[0].get_full_name() or people[0].get_username()
    return ""
