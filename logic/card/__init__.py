"""The roadside-assistance and Golden Card levels: their tables and calculators."""
