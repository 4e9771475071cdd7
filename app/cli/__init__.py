"""The command line: one file for each command, which is imported only when the command is run.

`main` is the program, `start` begins the app; none of it imports textual before the app starts.
"""

COMPLETE = "_HELOSCOPE_COMPLETE"
"""The environment variable by which a shell asks for completions (completing.py)."""
