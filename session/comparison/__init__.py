"""Compares two conversations: aligns them by command, and finds their differences.

The result depends only on their turns (`protocol/dialogue.py`). Nothing is read or requested here,
so that the command line and the application give the same result.
"""
