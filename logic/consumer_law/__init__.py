"""The act on car buyers' rights and its by-laws."""
