"""Composition root and doors to the outside. No models, no words of the domain."""

from reviewapp.celery import app as celery_app

__all__ = ["celery_app"]
