"""Registers the models; import each from its own module."""

from audit.models import event, model_call, model_card  # noqa: F401  (registration is the import's purpose)
