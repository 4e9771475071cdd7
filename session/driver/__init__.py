"""The parts that the asyncio and the blocking driver share: steps, waiters, recovery and login.

No module here imports asyncio, ssl or smtplib before it needs it.
"""
