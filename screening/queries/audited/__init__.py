"""What the audit shows, hides and verifies of screening."""
