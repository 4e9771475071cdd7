"""The stored recordings: their list, their index for searching, and their names and pins."""
