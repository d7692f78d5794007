"""How letters, numbers with signs, and dates are written in tables."""
