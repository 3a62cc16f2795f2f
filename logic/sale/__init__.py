"""The by-laws' rules of sale: their tables and calculators."""
