"""Long trials of the program, each a command that a person starts; the suite runs a little of each.

python -m tests.campaigns.killed     sessions that are killed, and what the next one restores
"""
