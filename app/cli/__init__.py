"""The command line. Each command has a module, which is imported only when the command is run.

`main` is the program, and `start` starts the app. Nothing here imports textual before the app
starts.
"""

COMPLETE = "_HELOSCOPE_COMPLETE"
"""The environment variable through which a shell asks for completions (see completing.py)."""
