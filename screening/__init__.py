"""From a pile of citations to a set of included records."""
