"""The main window: its regions, and what connects them with the session."""
