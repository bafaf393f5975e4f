"""Extraction over HTTP, for the extraction screen and for programs."""
