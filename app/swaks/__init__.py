"""A command line of swaks, read: its options, its message, and what heloscope makes of both.

Nothing in here connects or prints.
"""
