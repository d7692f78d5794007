"""Images: the grid of predictions and the pad to draw on, in the canvas's place."""
