"""Whether citations are fit to screen: what they lack, what they are marked as, what looks odd (IMP-05). Pure.

The same rules are asked of a parsed file in Python and of stored records in SQL (queries.quality); patterns keep to
what both engines read alike: no word boundaries and no classes of Unicode.
"""
