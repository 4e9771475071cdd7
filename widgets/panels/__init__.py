"""The side panel: its tabs, and the explanation of a line."""
