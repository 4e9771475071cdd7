"""Parses a swaks command line: its options, its message, and their meaning for heloscope.

Nothing here connects or prints.
"""
