"""The asyncio driver: the connection, its session, and what a typed command sets going."""
