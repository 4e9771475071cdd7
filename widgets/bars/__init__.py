"""One-line widgets: the status line, the keys, and the search bar."""
