"""Findings about a server, drawn from a conversation. Each is good, a notice or a problem.

Nothing is sent here: findings come from the transcript of a conversation, which may be live, a
recording or another program's log. The procedure `probe` sends the commands that reveal them.
"""
