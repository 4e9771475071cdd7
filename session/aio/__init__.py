"""The asyncio driver: the connection, its session, and the actions that follow typed commands."""
