"""How a network learns: losses, optimizers, schedules, when to stop, what is measured."""
