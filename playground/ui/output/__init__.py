"""The region of the output: the canvas, images, the card around them."""
