"""How and where to connect, and which session is the present one."""
