"""Models, registry, errors, dates, amounts and rounding that all calculators and entry points share."""
