"""Several networks at once: races and their pictures."""
