"""Parses a swaks command line: its options, its message, and what they mean to heloscope.

Nothing here connects or prints.
"""
