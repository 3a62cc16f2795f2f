"""Input fields: numbers, choices, dates, locations, cars."""
