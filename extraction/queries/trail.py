"""What the audit timeline is told about extraction: which rows belong to which review."""

from audit.timeline.registry import register_tracked
from extraction.models.assignment import Assignment
from extraction.models.form import Form
from extraction.models.rule import ExtractionRule
from extraction.models.structure import Arm, Measure


def register() -> None:
    """Called once, when the app is ready."""
    for model in (Form, ExtractionRule, Arm, Measure, Assignment):
        register_tracked(model, review="review_id")
