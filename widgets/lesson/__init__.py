"""The lesson pane and the Markdown in it. Knows no lesson file, no session and no screen."""
