"""The language of typed lines and of scripts: its grammar and its parser.

No module here sends anything.
"""
