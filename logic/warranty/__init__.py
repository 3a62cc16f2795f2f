"""The makers' warranties: their tables and calculators."""
