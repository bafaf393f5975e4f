"""An instrument as a form, in the JSON that `extraction.schema` reads (the brief's interface).

A domain is a group: its signalling questions ("d1_1"), the judgement ("d1") and the reason for it ("d1_why"); the last
group holds "overall". Judgements are of the outcome tier, so that nobody sees another's before their own.
"""

from extraction.bias.instrument import Domain, Instrument, Level, Option, Question
from extraction.bias.judging import OVERALL, SUPPORT

Json = dict[str, object]
REASON_HELP = "What the report says. Needed where you depart from the judgement that follows from the answers."


def as_schema(instrument: Instrument) -> Json:
    """Return the form of an instrument as JSON; the same instrument gives the same JSON."""
    last = _group(
        instrument,
        f"{OVERALL}_group",
        instrument.overall_title,
        instrument.help,
        [_judgement(OVERALL, instrument.overall_title, instrument.overall_levels, ""), _reason(OVERALL)],
    )
    return {
        "title": instrument.title,
        "purpose": "bias",
        "instrument": instrument.key,
        "groups": [*(_domain(instrument, domain) for domain in instrument.domains), last],
    }


def _domain(instrument: Instrument, domain: Domain) -> Json:
    fields = [_question(question) for question in domain.questions]
    help_text = domain.help
    return _group(
        instrument,
        f"{domain.key}_group",
        domain.title,
        help_text,
        [*fields, _judgement(domain.key, domain.title, domain.levels, help_text), _reason(domain.key)],
    )


def _group(instrument: Instrument, key: str, label: str, help_text: str, fields: list[Json]) -> Json:
    return {"key": key, "label": label, "repeats": instrument.repeats, "help": help_text, "fields": fields}


def _question(question: Question) -> Json:
    help_text = " ".join(part for part in (question.condition, question.help) if part)
    return _choice(question.key, f"{question.number} {question.text}", help_text, question.options)


def _judgement(key: str, title: str, levels: tuple[Level, ...], help_text: str) -> Json:
    return _choice(key, f"Judgement: {title[0].lower()}{title[1:]}", help_text, levels)


def _choice(key: str, label: str, help_text: str, options: tuple[Option, ...] | tuple[Level, ...]) -> Json:
    listed = [{"key": option.code, "label": option.label} for option in options]
    return {"key": key, "label": label, "kind": "choice", "help": help_text, "options": listed, "tier": "outcome"}


def _reason(key: str) -> Json:
    label = "Reason for this judgement"
    return {"key": f"{key}{SUPPORT}", "label": label, "kind": "text", "help": REASON_HELP, "tier": "outcome"}
