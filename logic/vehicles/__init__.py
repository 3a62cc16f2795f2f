"""What is known of a car, and of the cars of a fleet."""
