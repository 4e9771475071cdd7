"""The language of typed lines and scripts: its grammar and its parser.

No module here sends anything.
"""
