"""Working days, and stays in a workshop."""
