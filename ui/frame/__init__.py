"""What every page shares: navigation, URL state, prefilled fields, HTML shell, error reports."""
