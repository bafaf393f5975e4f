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
    BULK = "bulk", "Bulk"  # one of many records that a reviewer judged together, from a list
    ADJUDICATION = "adjudication", "Adjudication"
    IMPORTED = "imported", "Imported"


class Assignment(TextChoices):
    """How records come to reviewers at a stage (SCR-04)."""

    OPEN = "open", "Open queue: whoever is there takes the next record"
    SHARES = "shares", "Shares: each record is somebody's from the start"


class QueueOrder(TextChoices):
    """In which order records are given out (SCR-10)."""

    RELEVANCE = "relevance", "By predicted relevance where the AI’s mode allows it, else random"
    RANDOM = "random", "Random"
    NEWEST = "newest", "Newest first"
    TITLE = "title", "By title"


class StageStatus(TextChoices):
    """Where a record stands at a stage: computed from its decisions by `policies.settle`."""

    UNSCREENED = "unscreened", "Not screened yet"
    PARTIAL = "partial", "Waiting for another opinion"
    CONFLICT = "conflict", "In conflict"
    INCLUDED = "included", "Included"
    EXCLUDED = "excluded", "Excluded"
    NOT_RETRIEVED = "not_retrieved", "Report not retrieved"  # full text only: nobody could get hold of the report
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


class OverrideReason(TextChoices):
    """Why a person decides otherwise than the suggestion that they had seen (AI-11): the keys 1 to 7."""

    INCORRECT = "incorrect", "Incorrect"
    INCOMPLETE = "incomplete", "Incomplete"
    IMPRECISE = "imprecise", "Imprecise"
    WRONG_CONTEXT = "wrong_context", "Wrong context"
    AMBIGUOUS_CRITERION = "ambiguous_criterion", "Ambiguous criterion"
    OWN_JUDGEMENT = "own_judgement", "Own judgement"
    OTHER = "other", "Other reason"

    @property
    def told(self) -> str:
        """As the ledger says it. With the verdict it tells what was suggested: not everybody may read it yet."""
        return f", otherwise than the AI suggestion ({self.label.lower()})"


class ExceptionKind(TextChoices):
    """What of an assistant's work waits for somebody, in the order of the inbox."""

    INJECTION = "injection", "Speaks to a model"
    FAILED = "failed", "Failed"
    REFUSED = "refused", "Refused"
    SPLIT = "split", "Panel split"
    UNSTABLE = "unstable", "Said otherwise when asked again"
    UNSURE = "unsure", "Unsure"
    NO_ABSTRACT = "no_abstract", "No abstract"
    NO_TEXT = "no_text", "No text in the file"
    NOT_PERMITTED = "not_permitted", "File not permitted to be sent"

    @property
    def tells(self) -> bool:
        """Whether it says something of a suggestion: whoever votes is not told before their vote (AI-02)."""
        return self in (self.INJECTION, self.SPLIT, self.UNSTABLE, self.UNSURE)


class Engine(TextChoices):
    LOCAL = "local", "Offline engine (no LLM)"
    LLM = "llm", "Large language model"
    PANEL = "panel", "Panel of several models"


class RunPurpose(TextChoices):
    """What the items of a run are: records at a stage, or studies to be extracted."""

    SCREENING = "screening", "Screening"
    EXTRACTION = "extraction", "Extraction"


class RunStatus(TextChoices):
    PREPARING = "preparing", "Preparing"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    CANCELLED = "cancelled", "Cancelled"
    FINISHED = "finished", "Finished"


class PauseReason(TextChoices):
    """Why a run is paused."""

    PERSON = "person", "Somebody paused it"
    FAILURES = "failures", "Too much failed"
    BUDGET = "budget", "The budget is spent"
    STOP = "stop", "AI was stopped"
    FORBIDDEN = "forbidden", "The review does not allow it"


class ItemStatus(TextChoices):
    WAITING = "waiting", "Waiting"
    HELD = "held", "Waits for others"
    CLAIMED = "claimed", "Being worked on"
    DONE = "done", "Done"
    FAILED = "failed", "Failed: a person looks"
    CANCELLED = "cancelled", "Cancelled"


class FailureKind(TextChoices):
    """Why an item of a run failed, for programs: the sentence that people read stands beside it."""

    REFUSED = "refused", "Refused"  # by a provider, a rule or a document's permission: the same brings the same again
    TOO_LONG = "too_long", "Text too long"
    INVALID_REPLY = "invalid_reply", "Unusable reply"
    UNREACHABLE = "unreachable", "No answer"
    LIMITED = "limited", "Asked too often"
    MEMBER = "member", "A member failed"  # of a panel
    FAULT = "fault", "Fault of the program"


class RunKind(TextChoices):
    """What a run is for: the work itself, trying a prompt on a few records, or asking about one record again."""

    WORK = "work", "Work"
    TRIAL = "trial", "Trial of a prompt"
    AGAIN = "again", "Suggestion run again"


class SuggestionRole(TextChoices):
    """Only what `stands` is the assistant's opinion; the others are kept beside it, to compare or to explain."""

    STANDS = "stands", "The assistant's opinion"
    MEMBER = "member", "Of a member of a panel"
    REPEAT = "repeat", "Asked again to measure instability"
    AGAIN = "again", "Run again by a person"
    TRIAL = "trial", "Trial of a prompt"


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
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"
    DECISIONS = "decisions", "Read for its decisions only"


class CountsAs(TextChoices):
    """What a decision that was made elsewhere counts as (IMP-06)."""

    FINAL = "final", "The outcome: it settles the record, unless people here decide on it"
    OPINION = "opinion", "One reviewer’s opinion: the others give theirs here"


class DecisionImportStatus(TextChoices):
    """How far the bringing in of decisions has come."""

    LOOKING = "looking", "Being looked through"
    CHOOSING = "choosing", "Waits for you"
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Being brought in"
    DONE = "done", "Brought in"
    RETURNING = "returning", "Being taken back"
    TAKEN_BACK = "taken_back", "Taken back"
    FAILED = "failed", "Failed"


class SearchProvider(TextChoices):
    """Databases that are searched from here (IMP-07)."""

    PUBMED = "pubmed", "PubMed"
    EUROPE_PMC = "europe_pmc", "Europe PMC"


class Schedule(TextChoices):
    """How often a saved search looks for what is new."""

    NEVER = "never", "Only when somebody asks"
    WEEKLY = "weekly", "Every week"
    MONTHLY = "monthly", "Every month"


class SearchStatus(TextChoices):
    """How far a run of a search has come."""

    COUNTING = "counting", "Counting"
    COUNTED = "counted", "Counted: fetch it or leave it"
    FETCHING = "fetching", "Fetching"
    DONE = "done", "Fetched"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class CandidateStatus(TextChoices):
    """What a person said of a possible pair of duplicates."""

    OPEN = "open", "To be judged"
    DUPLICATE = "duplicate", "Duplicate"
    SAME_STUDY = "same_study", "Other report of the same study"
    CORRECTION = "correction", "Correction or retraction"
    NOT_DUPLICATE = "not_duplicate", "Not a duplicate"


class RelationSort(TextChoices):
    """What one of two related records is to the other: the first five of one study, the others notices."""

    PREPRINT = "preprint", "Preprint"
    CONGRESS = "congress", "Congress abstract"
    REGISTRY = "registry", "Register entry"
    PROTOCOL = "protocol", "Protocol"
    SECONDARY = "secondary", "Secondary report"
    CORRECTION = "correction", "Correction"
    RETRACTION = "retraction", "Retraction"
    CONCERN = "concern", "Expression of concern"

    @property
    def of(self) -> str:
        """ "a preprint of", "an expression of concern about" """
        word = self.label.lower()
        return f"{'an' if word[0] in 'aeio' else 'a'} {word} {'about' if self == self.CONCERN else 'of'}"


NOTICES = frozenset((RelationSort.CORRECTION, RelationSort.RETRACTION, RelationSort.CONCERN))


class DocumentStatus(TextChoices):
    """How far the reading of a file has come. A file that can't be read is kept, and people can still open it."""

    WAITING = "waiting", "Waiting to be read"
    READING = "reading", "Being read"
    READY = "ready", "Read"
    FAILED = "failed", "Can't be read"


class TextLayer(TextChoices):
    """What the text of a document is worth to a search, a quote or an assistant."""

    TEXT = "text", "Text"
    POOR = "poor", "Poor text"
    MIXED = "mixed", "Some pages are scans"
    SCAN = "scan", "Scan without text"
    NONE = "none", "No text"


class MatchedBy(TextChoices):
    """How a file found its record."""

    DOI = "doi", "DOI"
    TITLE = "title", "Title"
    PERSON = "person", "A person"


class RetrievalOutcome(TextChoices):
    """What came of looking for a report (PRISMA 2020: sought, not retrieved)."""

    NOT_RETRIEVED = "not_retrieved", "Not retrieved"
    SOUGHT_AGAIN = "sought_again", "Sought again"


class HintKind(TextChoices):
    """Why two reports may be of one study."""

    REGISTRY = "registry", "Same trial registration"
    TITLE_AUTHORS = "title_authors", "Alike in title and authors"
    JUDGED = "judged", "Judged so while looking for duplicates"


class HintStatus(TextChoices):
    OPEN = "open", "To be judged"
    CONFIRMED = "confirmed", "Same study"
    REJECTED = "rejected", "Different studies"


class NotificationKind(TextChoices):
    """What people are told of without looking."""

    ASSIGNED = "assigned", "Your place in a team"
    CONFLICT = "conflict", "Conflicts to settle"
    PILOT = "pilot", "Pilot rounds"
    RESCREENING = "rescreening", "Records to screen again"
    FINISHED = "finished", "Stage finished"
    ALERT = "alert", "Alerts for leads"


class MailWish(TextChoices):
    """Whether and when a person wants an e-mail about something."""

    OFF = "off", "Off"
    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "Daily digest"


class MailStatus(TextChoices):
    """How far an e-mail has come. `sending` is written before the first word is said to the mail server."""

    WAITING = "waiting", "Waiting"
    CLAIMED = "claimed", "Being written"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"
    UNKNOWN = "unknown", "Cut off while being sent"
    DROPPED = "dropped", "Nothing left to say"
