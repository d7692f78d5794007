"""How the picture of the network is painted: nodes, edges, fixed parts and overlay."""
