"""Files of many requests: read tables, answer them in parts and write the results."""
