"""What a person can ask for: commands as data, and what is made of them."""
