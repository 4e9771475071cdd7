"""Helpers shared by several widgets. This folder imports no other folder of widgets."""
