"""Reading and writing of files with many cars."""
