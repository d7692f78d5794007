"""How large the areas of the window are: what they need, and the grips between them."""
