"""Scenarios: variations in the practice server's behaviour, as data.

`catalogue.toml` contains the scenarios, `model` defines their fields, `reader` checks a table or a
user's file, and `rules` finds the rule for a situation. The connections in the parent folder apply
scenarios; nothing here depends on a connection.
"""
