"""From included records to a table that can be trusted. Its place in the layers is held; its rooms come next."""
