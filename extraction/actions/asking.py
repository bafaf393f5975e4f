"""Which cell is meant, and what was written in it: checked against the form in force and the study's structure."""

from dataclasses import dataclass

from extraction.enums import ValueState
from extraction.fields import FieldError, FieldSpec, Parsed, kind_of, stated
from extraction.models.form import Form, FormVersion
from extraction.models.structure import Arm, Measure
from extraction.models.value import Value, cell_key
from extraction.policies import parsed
from extraction.schema import check, group_of
from screening.models.study import Study


class ValueRefusedError(ValueError):
    """The value can't stand; the message says why and what to do. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell of a study, under the version of the form that is in force."""

    spec: FieldSpec
    cell: str
    label: str
    version_id: int


def at_place(study: Study, form: Form, field_key: str, arm_id: int | None, measure_id: int | None) -> Asked:
    """The cell. Raises ValueRefusedError for a field, arm or outcome that isn't there, and for a computed field."""
    version = FormVersion.objects.filter(form=form).order_by("-number").first()
    group = group_of(check(version.schema)[0]).get(field_key) if version else None
    if version is None or group is None or form.review_id != study.review_id:
        raise ValueRefusedError("The form has no such field any more. Load the page again.")
    spec = next(spec for spec in group.fields if spec.key == field_key)
    if spec.tier == "derived":
        raise ValueRefusedError(f"{spec.label} is computed from other fields; correct those instead.")
    names = [*_measure(study, measure_id, wanted="measure" in group.repeats), *_arm(study, arm_id, group.repeats)]
    label = f"{spec.label} ({' · '.join(names)})" if names else spec.label
    return Asked(spec, cell_key(field_key, arm_id, measure_id), label, version.pk)


def read(spec: FieldSpec, raw: object, unit: str, state: str, last: Value | None) -> Parsed | None:
    """What was said; None for a word taken back. Raises ValueRefusedError with the field's own sentence.

    A list that has an answer called "unclear" is answered by it, whichever way that is said.
    """
    if state == ValueState.WITHDRAWN:
        if last is None or last.state == ValueState.WITHDRAWN:
            raise ValueRefusedError("There is no value of yours to take back here.")
        return None
    try:
        if state != ValueState.REPORTED:
            return kind_of(spec).parse(state) if spec.option(state) else stated(state)
        return kind_of(spec).parse_beside(raw, unit)
    except FieldError as error:
        raise ValueRefusedError(str(error)) from error


def reading_of(value: Value) -> Parsed | None:
    """What a stored value says."""
    return parsed(value.state, value.value, value.unit)


def _arm(study: Study, arm_id: int | None, repeats: str) -> list[str]:
    wanted = repeats in ("arm", "measure_arm")
    arm = Arm.objects.filter(pk=arm_id, study=study, retired=False).first() if arm_id else None
    if wanted is (arm is None) or (arm_id and arm is None):
        raise ValueRefusedError("This study has no such arm. Load the page again.")
    return [arm.name] if arm else []


def _measure(study: Study, measure_id: int | None, *, wanted: bool) -> list[str]:
    measure = Measure.objects.filter(pk=measure_id, study=study, retired=False).first() if measure_id else None
    if wanted is (measure is None) or (measure_id and measure is None):
        raise ValueRefusedError("This study has no such outcome. Load the page again.")
    return [str(measure)] if measure else []
