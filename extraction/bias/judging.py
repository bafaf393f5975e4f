"""From answers to judgements: which questions are asked, what a domain comes to, and what the whole does.

A judgement is a proposal. A person confirms it, or departs from it and says why (`departures` finds who did not).
"""

from collections.abc import Mapping

from extraction.bias.instrument import Answers, Domain, Instrument, Judgement, Question
from extraction.bias.newcastle_ottawa import NOS_CASE_CONTROL, NOS_COHORT
from extraction.bias.quadas2 import QUADAS2
from extraction.bias.rob2 import ROB2, ROB2_ADHERING
from extraction.bias.robins_i import ROBINS_I

INSTRUMENTS: dict[str, Instrument] = {
    instrument.key: instrument for instrument in (ROB2, ROB2_ADHERING, QUADAS2, ROBINS_I, NOS_COHORT, NOS_CASE_CONTROL)
}
OVERALL = "overall"
SUPPORT = "_why"  # after a domain's key: the field in which the reason for the judgement is written


def asked(domain: Domain, answers: Answers) -> tuple[Question, ...]:
    """Return the questions of a domain that are asked, given the answers so far, in order."""
    return tuple(question for question in domain.questions if question.asked(answers))


def judge(instrument: Instrument, domain_key: str, answers: Answers) -> Judgement:
    """Judge one domain by the published algorithm.

    Answers to questions that are not asked count for nothing. The code is "" while an asked question has no answer, and
    where the instrument leaves the domain to people. Raises KeyError for an unknown domain, ValueError for an answer
    that the question does not offer.
    """
    domain = instrument.domain(domain_key)
    live = _live(domain, answers)
    waiting = tuple(question for question in asked(domain, live) if not live.get(question.key))
    if waiting:
        numbers = ", ".join(question.number for question in waiting)
        return Judgement("", f"Waits for {numbers}.", tuple(question.key for question in waiting))
    if domain.rule is None:
        return Judgement("", "No algorithm is published for this; you judge.")
    return domain.rule(live)


def overall(instrument: Instrument, judged: Mapping[str, str]) -> Judgement:
    """Combine {domain key: code}; the code is "" while a weighing domain has none.

    Raises ValueError for a code that a domain does not know.
    """
    weighing = [domain for domain in instrument.domains if domain.weighs]
    for domain in weighing:
        code = judged.get(domain.key, "")
        if code and code not in {level.code for level in domain.levels}:
            raise ValueError(f"{domain.title} has no judgement {code!r}.")
    waiting = tuple(domain.key for domain in weighing if not judged.get(domain.key))
    if waiting:
        titles = ", ".join(domain.short.lower() for domain in weighing if domain.key in waiting)
        return Judgement("", f"Waits for the judgement of {titles}.", waiting)
    return instrument.overall({domain.key: judged[domain.key] for domain in weighing})


def proposed(instrument_key: str, values: Mapping[str, str]) -> dict[str, Judgement]:
    """Return what the algorithm says of every domain field and of "overall", from the fields of one result or study.

    `values`: field key to option key; missing or "" where empty. "overall" rests on what people confirmed, and on the
    algorithm where they have not yet. An answer that is none of the question's counts as missing. Raises KeyError for
    an unknown instrument.
    """
    instrument = INSTRUMENTS[instrument_key]
    known = _known(instrument, values)
    found = {domain.key: judge(instrument, domain.key, known) for domain in instrument.domains}
    judged = {key: known.get(key) or judgement.code for key, judgement in found.items()}
    return {**found, OVERALL: overall(instrument, judged)}


def questions(instrument_key: str) -> tuple[str, ...]:
    """Return the keys of the signalling questions: all that an assistant may propose. Judgements are never proposed."""
    return tuple(question.key for domain in INSTRUMENTS[instrument_key].domains for question in domain.questions)


def departures(instrument_key: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of judgements that differ from the algorithm's and have no reason beside them."""
    return tuple(
        key
        for key, judgement in proposed(instrument_key, values).items()
        if judgement.code and values.get(key) and values[key] != judgement.code and not values.get(f"{key}{SUPPORT}")
    )


def not_asked(instrument_key: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of the questions that the answers so far make superfluous; a screen may fold them."""
    instrument = INSTRUMENTS[instrument_key]
    known = _known(instrument, values)
    return tuple(
        question.key
        for domain in instrument.domains
        for question in domain.questions
        if question not in asked(domain, _live(domain, known))
    )


def _live(domain: Domain, answers: Answers) -> dict[str, str]:
    """Keep the answers of questions that are asked; what hangs on a dropped one is dropped with it."""
    live: dict[str, str] = {}
    for question in domain.questions:  # a condition looks at earlier questions only
        answer = answers.get(question.key, "")
        if answer and question.asked(live):
            if answer not in {option.code for option in question.options}:
                raise ValueError(f"{question.number} has no answer {answer!r}.")
            live[question.key] = answer
    return live


def _known(instrument: Instrument, values: Mapping[str, str]) -> dict[str, str]:
    """Drop what the instrument does not offer: an older version of a form may have held it."""
    offered = {
        question.key: {option.code for option in question.options}
        for domain in instrument.domains
        for question in domain.questions
    }
    offered |= {domain.key: {level.code for level in domain.levels} for domain in instrument.domains}
    return {key: value for key, value in values.items() if value in offered.get(key, set())}
