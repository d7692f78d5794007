"""Images as data: those that come along, and those that people bring."""
