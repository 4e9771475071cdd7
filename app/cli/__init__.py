"""The command line: one file for each command, which is imported only when the command is run.

`main` holds the program without a command; none of it imports textual before the app starts.
"""

from .main import cli as cli
