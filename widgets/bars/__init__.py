"""The bars of the screen: status line, key bar, find bar, notices and playing position."""
