"""The transcript pane: laying out rows, drawing, searching and selecting."""
