"""Every write of extraction: keyword-only, `by=`, atomic, with its event."""
