"""The transcript pane: layout of rows, drawing, searching and selecting."""
