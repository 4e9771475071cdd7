"""The main screen, its presenters, and the schedule of its updates."""
