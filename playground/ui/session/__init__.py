"""What is open, and who trains it."""
