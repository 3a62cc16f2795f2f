"""Many requests at once; what it needs is imported by those who ask for it, not with the calculators."""
