"""Stepping through a procedure: the controller of the plan and what it says."""
