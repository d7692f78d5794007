"""Files in which tables come beside plain text: workbooks, archives, other programs' files."""
