"""How the table that is trained on was read, for reading other tables alike. Any thread."""
