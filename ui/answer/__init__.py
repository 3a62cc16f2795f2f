"""The answer card and its charts."""
