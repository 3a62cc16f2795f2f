"""Working days and stays in a workshop, shared by ``card`` and ``consumer_law``."""
