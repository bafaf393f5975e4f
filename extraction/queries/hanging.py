"""What of extraction hangs on a study, said when somebody is about to make one study of two (EXT-09)."""

from extraction.models.value import Value
from screening.models.study import Study
from screening.queries.identification import studies


def register() -> None:
    """Called once, when the app is ready."""
    studies.guards.append(values_of)


def values_of(study: Study) -> str:
    """In words, such as “12 extracted values”; empty where there are none."""
    cells = Value.objects.filter(study=study, superseded_by=None).exclude(state="withdrawn").count()
    return f"{cells} extracted value{'' if cells == 1 else 's'}" if cells else ""
