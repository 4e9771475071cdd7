"""The plan of a procedure as a list of steps."""
