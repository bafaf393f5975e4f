from django.apps import AppConfig


class ExtractionConfig(AppConfig):
    name = "extraction"
    verbose_name = "Extraction"

    def ready(self) -> None:
        """Say how our events read, and what the audit timeline is made of."""
        from extraction import presenters  # noqa: F401  (registration is the import's purpose)
        from extraction.queries import trail

        trail.register()
