"""Axes of plots: which marks there is room for, and how they are written."""
