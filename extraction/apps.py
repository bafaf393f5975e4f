from django.apps import AppConfig


class ExtractionConfig(AppConfig):
    name = "extraction"
    verbose_name = "Extraction"

    def ready(self) -> None:
        """Say how our events read, what the audit is made of, and what our runs add to a run's life."""
        from extraction import presenters  # noqa: F401  (registration is the import's purpose)
        from extraction.actions import extraction_runs
        from extraction.queries import hanging, integrity, trail

        trail.register()
        integrity.register()
        hanging.register()
        extraction_runs.register()
