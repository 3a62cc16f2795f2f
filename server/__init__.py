"""What stands around the pages: HTTP for the calculators, headers, probes, counts, the log."""
