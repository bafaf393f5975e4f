"""The protocol, its amendments, and what is screened anew."""
