"""What follows from the values and proposals of a cell. Data and predicates; nothing is written here."""
