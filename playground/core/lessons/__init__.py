"""Lessons: data for the panel, the goals it ticks, and the figures it checks."""
