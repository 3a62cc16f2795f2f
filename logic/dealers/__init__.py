"""Dealers and offices, and the cities and provinces of the country."""
