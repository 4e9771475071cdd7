"""Two conversations, aligned by command, and what differs between them.

A pure function of their turns (`protocol/dialogue.py`): nothing is read or asked here, so that the
command line and the application compare alike.
"""
