"""Records as lists and pages show them: search, filters, and one record with what was said of it."""
