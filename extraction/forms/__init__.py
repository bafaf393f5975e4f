"""What people fill in about forms, studies and runs, validated."""
