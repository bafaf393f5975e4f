from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "screening"
    verbose_name = "Screening"

    def ready(self) -> None:
        """Say how our events read."""
        from screening import presenters  # noqa: F401, PLC0415  (registration is the import's purpose)
