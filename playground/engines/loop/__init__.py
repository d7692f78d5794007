"""The one training loop, and who chooses what it trains with."""
