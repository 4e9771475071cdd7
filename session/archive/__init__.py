"""The stored recordings: their list, an index for searching them, their names and pins."""
