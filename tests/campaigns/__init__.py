"""Long trials of the window, each a command that a person starts; the suite runs a little of each.

python -m tests.campaigns.monkey     random events in the real window
python -m tests.campaigns.endurance  the same cycle a thousand times; half an hour at full speed
"""
