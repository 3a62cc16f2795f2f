"""The printed sheet of an answer: what it says, and how it is set."""
