"""The closed lists of the field's own words."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person is in one review. One person may be several things."""

    LEAD = "lead", "Lead"
    REVIEWER = "reviewer", "Reviewer"
    ADJUDICATOR = "adjudicator", "Adjudicator"
    EXTRACTOR = "extractor", "Extractor"
    AUDITOR = "auditor", "Auditor"
    OBSERVER = "observer", "Observer"


class Stage(TextChoices):
    TITLE_ABSTRACT = "title_abstract", "Title and abstract"
    FULL_TEXT = "full_text", "Full text"


class Verdict(TextChoices):
    """What a person says of a record. `withdrawn` takes back the same person's last word, and supersedes it."""

    INCLUDE = "include", "Include"
    EXCLUDE = "exclude", "Exclude"
    MAYBE = "maybe", "Maybe"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Origin(TextChoices):
    """How a decision came about."""

    SCREENING = "screening", "Screening"
    ADJUDICATION = "adjudication", "Adjudication"
    IMPORTED = "imported", "Imported"


class StageStatus(TextChoices):
    """Where a record stands at a stage: computed from its decisions by `policies.settle`."""

    UNSCREENED = "unscreened", "Not screened yet"
    PARTIAL = "partial", "Waiting for another opinion"
    CONFLICT = "conflict", "In conflict"
    INCLUDED = "included", "Included"
    EXCLUDED = "excluded", "Excluded"
    INACTIVE = "inactive", "Not at this stage"  # merged into another record, its import undone, or excluded before


class Facet(TextChoices):
    POPULATION = "P", "Population"
    INTERVENTION = "I", "Intervention"
    COMPARATOR = "C", "Comparator"
    OUTCOME = "O", "Outcome"
    STUDY_DESIGN = "S", "Study design"
    OTHER = "other", "Other"


class Polarity(TextChoices):
    INCLUDE = "include", "Must be met"
    EXCLUDE = "exclude", "Must not be met"


class IfNotReported(TextChoices):
    UNCLEAR = "unclear", "Leave unclear: a person looks"
    ASSUME_MET = "assume_met", "Take as met"
    ASSUME_NOT_MET = "assume_not_met", "Take as not met"


class Judged(TextChoices):
    MET = "met", "Met"
    NOT_MET = "not_met", "Not met"
    UNCLEAR = "unclear", "Unclear"


class Oversight(TextChoices):
    """What an AI suggestion may do at a stage (AI-01)."""

    OFF = "off", "Off"
    PRIORITISE = "prioritise", "Order of the queue only"
    BLIND_FIRST = "blind_first", "Shown after the reviewer's own vote"
    ASSIST = "assist", "Shown before the vote"
    SECOND_REVIEWER = "second_reviewer", "Counts as the second opinion; never excludes alone"


class Engine(TextChoices):
    LOCAL = "local", "Offline engine (no LLM)"
    LLM = "llm", "Large language model"


class RunStatus(TextChoices):
    PREPARING = "preparing", "Preparing"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    CANCELLED = "cancelled", "Cancelled"
    FINISHED = "finished", "Finished"


class ItemStatus(TextChoices):
    WAITING = "waiting", "Waiting"
    CLAIMED = "claimed", "Being worked on"
    DONE = "done", "Done"
    FAILED = "failed", "Failed: a person looks"
    CANCELLED = "cancelled", "Cancelled"


class SourceKind(TextChoices):
    """PRISMA 2020's two columns of sources; its other methods come with the diagrams that draw them."""

    DATABASE = "database", "Database"
    REGISTER = "register", "Register"


class ImportStatus(TextChoices):
    CHECKING = "checking", "Being read"
    CHECKED = "checked", "Dry run done: waits for you"
    REFUSED = "refused", "Can't be read"
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Importing"
    DEDUPLICATING = "deduplicating", "Looking for duplicates"
    DONE = "done", "Imported"
    FAILED = "failed", "Failed"
    UNDONE = "undone", "Undone"


class CandidateStatus(TextChoices):
    """What a person said of a possible pair of duplicates."""

    OPEN = "open", "To be judged"
    DUPLICATE = "duplicate", "Duplicate"
    SAME_STUDY = "same_study", "Other report of the same study"
    NOT_DUPLICATE = "not_duplicate", "Not a duplicate"
