"""The offline guide: one HTML file that works without a network."""
