"""The practice server: a complete mail server in this process, for use without a real one.

`server.PracticeServer` starts and stops it. Nothing is imported here, because the server needs
aiosmtpd.
"""
