"""Training with NumPy: dense layers by hand, to be read."""
