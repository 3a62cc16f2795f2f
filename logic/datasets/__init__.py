"""Readers of the data folder: tables, editions, clauses, citations, labels, prices, synonyms, renames."""
