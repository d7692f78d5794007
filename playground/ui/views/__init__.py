"""What a person sees: canvas, network, curves. Views never write; they emit requests."""
