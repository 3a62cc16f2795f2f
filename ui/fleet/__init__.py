"""Files of many cars."""
