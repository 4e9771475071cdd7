"""The practice server: a complete mail server in this process, for use without any other.

`server.PracticeServer` starts and stops it. Nothing is imported here, because it needs aiosmtpd.
"""
