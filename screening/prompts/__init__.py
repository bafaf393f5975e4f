"""Pure: what a language model is asked about a record, and what its answer is worth. No Django, no network."""
