"""Stepping through a procedure: the plan, its controller and its texts."""
