"""Scenarios: what the practice server does differently, as data.

`catalogue.toml` is the table of them, `model` says which fields there are, `reader` checks a table
or a file of one's own, `rules` finds the rule for a situation. What is carried out stands beside
this folder. Nothing in here knows a connection.
"""
