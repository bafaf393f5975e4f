"""How far a review is, who waits for whom, and what to do first."""
