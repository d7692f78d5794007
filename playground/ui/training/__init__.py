"""The region of the training: the form and the transport bar."""
