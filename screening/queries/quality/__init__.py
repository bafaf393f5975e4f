"""The state of the data: of one import, by its citations, and of a review, by the records that count (IMP-05)."""
