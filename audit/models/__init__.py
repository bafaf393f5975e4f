"""Registers the models; import each from its own module."""

from audit.models import budget, event, model_call, model_card, stop  # noqa: F401  (registration is the import's purpose)
