"""What is around every page: navigation, URL state, prefilled fields, HTML shell, faults."""
