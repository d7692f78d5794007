"""The table of the points: every point a row, to be read and changed by keyboard."""
