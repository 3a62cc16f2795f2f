"""What every calculator and every entry point builds on."""
