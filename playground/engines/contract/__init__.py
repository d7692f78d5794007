"""What an engine promises, and what crosses between threads."""
