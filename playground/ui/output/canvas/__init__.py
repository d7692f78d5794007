"""The canvas: points and boundary on a plane, and the tools that draw there."""
