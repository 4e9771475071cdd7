"""What a conversation shows of a server: findings, each good, a notice or a problem.

Nothing is asked here: findings are read from the record of a conversation, which may be live, a
recording or the log of another program. What to ask, so that there is something to find, is the
procedure `probe`.
"""
