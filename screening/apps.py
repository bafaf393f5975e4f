from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "screening"
    verbose_name = "Screening"

    def ready(self) -> None:
        """Say how our events read, what the audit timeline is made of, and what `verify_audit` looks at."""
        from screening import presenters  # noqa: F401  (registration is the import's purpose)
        from screening.actions import reconcile, runs, tokens
        from screening.queries.assistants import sending
        from screening.queries.audited import integrity, trail
        from screening.queries.documents import kept_files

        trail.register()
        integrity.register()
        kept_files.register()
        reconcile.register()
        runs.register()
        tokens.register()
        sending.register()
