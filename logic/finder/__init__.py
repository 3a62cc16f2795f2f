"""Which service to use in a situation."""
