"""Rules of sale of the by-laws: tables and calculators."""
