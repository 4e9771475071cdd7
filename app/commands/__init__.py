"""The implementations of the actions, as dictionaries that map an action name to a callable."""
