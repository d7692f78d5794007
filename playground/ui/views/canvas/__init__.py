"""The canvas: points and boundary on a plane, and the hand that draws there."""
