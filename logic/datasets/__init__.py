"""Read the data folder: tables, editions, clauses, citations, labels, prices and renamed ids."""
