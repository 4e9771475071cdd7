"""The modal dialogs, each of which asks for one thing and returns the answer."""
