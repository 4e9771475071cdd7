"""The lesson pane and the Markdown in it. Knows nothing of lesson files, sessions or screens."""
