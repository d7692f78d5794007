"""The points: where they come from, and what is done to them before the network."""
