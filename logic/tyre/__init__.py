"""The tyre maker's refund rules."""
