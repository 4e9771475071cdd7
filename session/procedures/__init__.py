"""Procedures: client tasks of several commands, as generators of steps without I/O."""
