"""The implementations of the actions, as dictionaries from action name to callable."""
