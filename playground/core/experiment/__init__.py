"""What a person has set: the experiment, its files, and the edits that change it."""
