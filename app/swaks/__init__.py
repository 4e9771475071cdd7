"""Parses a swaks command line, and translates its options and message into heloscope's terms.

Nothing here connects or prints.
"""
