"""Scenarios: what the practice server does differently, as data.

`catalogue.toml` is the table of them, `model` says which fields there are, `reader` checks a table
or a file of one's own, `rules` finds the rule for a situation. The connections beside this folder
carry it out. Nothing in here knows a connection.
"""
