"""Training with PyTorch: every layer, every device."""
