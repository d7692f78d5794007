"""Where everything stands in the picture of the network, and what is at a point of it."""
