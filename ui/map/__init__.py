"""The map of dealers."""
