"""Duplicates, and which reports are of one study."""
