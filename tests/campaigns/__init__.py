"""Long trials of the program, each a command that a person starts; the suite runs a little of each.

python -m tests.campaigns.monkey     random events in the real window
python -m tests.campaigns.endurance  the same cycle a thousand times; half an hour at full speed
python -m tests.campaigns.killed     sessions that are killed, and what the next one restores
python -m tests.campaigns.buildable  whatever the form can build trains, or is refused in a sentence
python -m tests.hostile              files that are damaged, or meant to do harm
"""
