"""Attacks of our own making on a model that reads records, as data (SEC-06)."""
