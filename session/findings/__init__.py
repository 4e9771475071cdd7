"""Findings on a server, drawn from a conversation: each is good, a notice or a problem.

Nothing is sent here: findings come from the transcript of a conversation, which may be live, a
recording or another program's log. The procedure `probe` asks the questions.
"""
