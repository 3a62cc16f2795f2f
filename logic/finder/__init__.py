"""Which service a situation calls for."""
