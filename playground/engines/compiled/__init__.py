"""Training with compiled kernels: dense networks on the processor, fast."""
