"""A conversation as something else: text, a script, a swaks line, a program."""
