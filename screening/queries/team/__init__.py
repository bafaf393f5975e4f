"""Who screens and how: the roster, pilot rounds, and how far people agree."""
