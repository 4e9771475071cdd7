"""The tabs of the side panel, and the explanation of a line."""
