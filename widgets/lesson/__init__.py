"""The lesson pane and its Markdown. It knows nothing of lesson files, sessions or screens."""
