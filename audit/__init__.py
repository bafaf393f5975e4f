"""The record: who did what, when, seeing what. Knows *that* things change, never *what* they mean."""
