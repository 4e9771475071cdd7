"""Compares two conversations: aligns them by command, and finds their differences.

The result depends only on their turns (`protocol/dialogue.py`). Nothing is read or asked here, so
that the command line and the application compare alike.
"""
