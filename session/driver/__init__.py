"""The parts that the asyncio and the blocking driver share: steps, waiters, recovery, login.

Nothing in here imports asyncio, ssl or smtplib before it needs them.
"""
