"""The experiment as a script in PyTorch that runs by itself."""
