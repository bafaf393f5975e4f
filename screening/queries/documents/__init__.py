"""Files of records, their pages, and which reports could not be had."""
