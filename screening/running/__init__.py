"""Runs of assistants over items, whatever an item is about: claims, turns, ends, and a run's life. The rows are the
queue. Screening (records) and extraction (studies) build their verbs on it."""
