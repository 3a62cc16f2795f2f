"""One visitor's car, and files of cars."""
