"""Training with compiled kernels: dense layers on the processor, fast."""
