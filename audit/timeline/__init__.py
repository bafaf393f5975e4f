"""Ledger, history and model calls as one ordered story of a review, or of a record with all that was merged into it.

audit doesn't know what the story is about: apps say in their `ready()` which tracked models belong to which review and
record (`registry`), and `story` reads.
"""
