"""Scenarios: variations in the practice server's behaviour, as data.

`catalogue.toml` contains them, `model` defines the fields, `reader` checks a table or a user's
file, `rules` finds the rule for a situation. The connections in the parent folder apply it; nothing
here depends on a connection.
"""
