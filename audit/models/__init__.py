"""Registers the models; import each from its own module."""

from audit.models import budget, event, model_call, model_card, pace, stop  # noqa: F401  (registering is why)
