"""What assistants are asked and proposed, with whose texts, and how far they agree with people."""
