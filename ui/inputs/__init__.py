"""The input fields: numbers, choices, dates, locations, cars."""
