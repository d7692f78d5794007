"""What a person sees: the window and its parts. PySide6 and pyqtgraph live on this floor only."""
