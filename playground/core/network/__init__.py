"""What a network is made of, and what it costs before anything is trained."""
