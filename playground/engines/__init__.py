"""How an experiment is trained: engines, devices and the one training loop.

This floor adds torch and numba to the core. It knows no Qt: the window, the command line and
scripts all iterate the same `train()`.
"""
