"""Explains replies for all panels and commands: what they mean here, and what to try.

`reading.explain` is the entry point; `situation` and `reply_text` define its arguments, and
`explanation` its result. `explain` consults the modules in order of the strength of their evidence:
the server's own words, the command and the situation, the enhanced code, the reply code. Nothing
here depends on the app.
"""
