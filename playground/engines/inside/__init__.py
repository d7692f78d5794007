"""What a look into a network gives."""
