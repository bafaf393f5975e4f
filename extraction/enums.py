"""The closed lists of words of extraction."""

from django.db.models import TextChoices


class FormPurpose(TextChoices):
    """What a form is for: data of a study, or the risk of bias in it."""

    DATA = "data", "Data extraction"
    BIAS = "bias", "Risk of bias"


class Tier(TextChoices):
    """How much a value matters to a result, and so how it may be suggested."""

    DESCRIPTIVE = "descriptive", "Descriptive"
    OUTCOME = "outcome", "Outcome"
    DERIVED = "derived", "Derived"


class ValueState(TextChoices):
    """What is said of a cell. `withdrawn` takes back the same person's last word, and supersedes it."""

    REPORTED = "reported", "Reported"
    NOT_REPORTED = "not_reported", "Not reported"
    NOT_APPLICABLE = "not_applicable", "Not applicable"
    UNCLEAR = "unclear", "Unclear"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Manner(TextChoices):
    """How a value came about."""

    TYPED = "typed", "Typed"
    ACCEPTED = "accepted", "Proposal accepted"
    EDITED = "edited", "Proposal edited"


class Capacity(TextChoices):
    """As what its author said it: one of the extractors, or the person who settles what they disagree about."""

    EXTRACTION = "extraction", "Extraction"
    CONSENSUS = "consensus", "Consensus"


class CellState(TextChoices):
    """Where a cell of a study stands: computed from its values and proposals by `policies`."""

    EMPTY = "empty", "Empty"
    SUGGESTED = "suggested", "Suggested by AI, not confirmed"
    ACCEPTED = "accepted", "Accepted"
    EDITED = "edited", "Entered or edited"
    PARTIAL = "partial", "Waiting for the other extractor"
    VERIFIED = "verified", "Verified"
    CONFLICT = "conflict", "In conflict"


class ProposalMode(TextChoices):
    """When an extractor sees what an assistant proposes (AI-01, EXT-05)."""

    OFF = "off", "Never"
    BLIND_FIRST = "blind_first", "After the extractor's own entry"
    ASSIST = "assist", "Before, to accept, edit or reject"


class AssignmentStatus(TextChoices):
    WORKING = "working", "Extracting"
    DONE = "done", "Done"
    RELEASED = "released", "Taken off; what was entered is kept"


class OverrideReason(TextChoices):
    """Why a proposal was not taken (AI-11)."""

    INCORRECT = "incorrect", "Incorrect"
    INCOMPLETE = "incomplete", "Incomplete"
    IMPRECISE = "imprecise", "Imprecise"
    WRONG_CONTEXT = "wrong_context", "Wrong context: another arm, outcome or time point"
    AMBIGUOUS = "ambiguous", "The question is ambiguous"
    OWN_JUDGEMENT = "own_judgement", "Own judgement"
    OTHER = "other", "Other"
