"""What each action does, as dictionaries from action name to callable."""
