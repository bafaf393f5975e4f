"""What a form says of one field."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice: `key` is stored, `label` is read."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field. `unit` is what a number without a unit is in, `units` are the others that may be written.

    `minimum` and `maximum` are decimals as strings, empty for no bound. `formula` and `inputs` belong to the tier
    "derived": pairs of the formula's input and the key of the field that it is taken from.
    """

    key: str
    label: str
    kind: str
    help: str = ""
    unit: str = ""
    units: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    required: bool = False
    tier: str = "descriptive"
    formula: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    minimum: str = ""
    maximum: str = ""
    whole: bool = False

    @property
    def all_units(self) -> tuple[str, ...]:
        """The units that may be written, the assumed one first."""
        return tuple(dict.fromkeys(unit for unit in (self.unit, *self.units) if unit))

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)
