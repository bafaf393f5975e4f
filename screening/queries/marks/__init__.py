"""What people and lists leave on a record: notes, tags, highlighted words."""
