"""Every read of extraction that is more than a filter."""
