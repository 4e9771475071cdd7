"""The screens: each composes widgets and wires them to the objects that do the work."""
