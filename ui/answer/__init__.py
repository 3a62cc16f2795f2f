"""The answer card and the charts."""
