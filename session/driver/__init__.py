"""What the asyncio driver and the blocking one share: steps, waiters, recovery, and login.

Nothing in here imports asyncio, ssl or smtplib before it needs them.
"""
