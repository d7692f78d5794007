"""The card of curves: a tab for each view of what training does."""
