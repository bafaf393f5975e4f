"""The invented trial reports behind the demonstration, and what stands in them. No real trial, no real person.

`build.reports(seed)` makes the PDFs and, for each, the truth: every figure with the place where it stands.
"""
