"""A person in front of the window who does what a lesson says: finds things by what they are
called, and uses keys and pointer only.

Nothing here calls what a key or a button would call. GUI thread.
"""
