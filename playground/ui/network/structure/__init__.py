"""What the picture of the network shows: an experiment as columns, and the numbers of a layer."""
