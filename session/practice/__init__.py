"""The practice server: a whole mail server in this process, to talk to when there is no other.

`server.PracticeServer` starts and stops it. Nothing is imported here: it brings in aiosmtpd.
"""
