"""Helpers shared by several widgets. Imports no other folder of widgets."""
