"""Who sees what of an extraction, and when."""

import pytest

from extraction.visibility import sees_others_values, sees_proposal, sees_settled
from screening.enums import Role


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("spoken", [True, False])
def test_nobody_sees_a_proposal_that_is_off(role, spoken):
    assert not sees_proposal(mode="off", roles=[role], spoken=spoken)


def test_an_extractor_sees_a_blind_proposal_after_the_own_entry_whatever_else_they_are():
    for roles in (["extractor"], ["extractor", "lead", "adjudicator"]):
        assert not sees_proposal(mode="blind_first", roles=roles, spoken=False)
        assert sees_proposal(mode="blind_first", roles=roles, spoken=True)
        assert sees_proposal(mode="assist", roles=roles, spoken=False)


def test_those_who_settle_and_audit_see_proposals_and_observers_and_reviewers_do_not():
    seeing = {role for role in Role if sees_proposal(mode="blind_first", roles=[role], spoken=False)}
    assert seeing == {Role.LEAD, Role.ADJUDICATOR, Role.AUDITOR}


@pytest.mark.parametrize("role", Role)
def test_nobody_sees_who_entered_what_before_all_are_done(role):
    for own in (None, "working", "done"):
        assert not sees_others_values(roles=[role], own=own, all_done=False)


def test_an_extractor_who_is_at_work_sees_nobody_else_s_values_even_as_the_lead():
    assert not sees_others_values(roles=["extractor", "lead"], own="working", all_done=True)
    assert sees_others_values(roles=["extractor"], own="done", all_done=True)
    assert not sees_others_values(roles=["extractor"], own=None, all_done=True)


def test_observers_see_what_is_settled_and_not_who_said_it():
    assert not sees_others_values(roles=["observer"], own=None, all_done=True)
    assert sees_settled(roles=["observer"], all_done=False)


def test_an_extractor_sees_what_stands_in_a_study_when_nobody_extracts_it_any_more():
    assert not sees_settled(roles=["extractor", "lead"], all_done=False)
    assert sees_settled(roles=["extractor"], all_done=True)
