"""One reading of a reply, for every panel and command: what it means here, and what to try.

`reading.explain` is the entry point; `situation` and `reply_text` define its arguments,
`explanation` its result. It asks the modules in the order of their evidence: the server's own
words, the command and the situation, the enhanced code, the reply code. Nothing here knows the app.
"""
