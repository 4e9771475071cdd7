"""Explains a reply for every panel and command: what it means in its situation, and what to try.

`reading.explain` is the entry point; `situation` and `reply_text` define its arguments, and
`explanation` its result. It consults the modules in the order of the strength of their evidence:
the server's own words, the command and the situation, the enhanced code, the reply code. Nothing
here depends on the app.
"""
