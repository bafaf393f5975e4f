"""The seeded demonstration: an invented review with three invented exports. No real study, no real person.

`build.build(seed)` makes files, protocol and hidden truth; `reviewers.opinion` what two reviewers say of a record.
"""
