"""One reading of a reply, for every panel and command: what it means here, and what to try.

`reading.explain` is the way in; `situation` and `reply_text` are what it takes, `explanation` what
it gives. The order of evidence is that of the modules it asks: the server's own words, the command
and the situation, the enhanced code, the reply code. Nothing here knows the app.
"""
