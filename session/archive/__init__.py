"""The recordings that are kept: their list, an index to search them by, their names and pins."""
