"""Helpers that tests share.

stage               the app on a stage: driven by keys, read as text, with a stopped clock
stage_plan          a plan on the stage
stage_sockets       the app and a scripted server over a loopback socket
pictures            the words and colours of an SVG of the terminal
screen_text         the text on a screen or part of it
parsed_styles       Textual's style sheets, parsed once for all apps
matched_styles      the rules that match a node, cached for similar nodes
known_handlers      which methods handle a message, looked up once
quick_messages      a shortcut for passing on messages
quick_nodes         shortcuts for values and rules of nodes
terminal            the real program on a pseudo-terminal
scripts             conversations written as `C:` and `S:` lines
procedure_scripts   a procedure run against a scripted conversation
replays             scripted conversations in the form that exports use
real_replies        replies of real servers
servers             scripted servers on loopback, and one that answers by verb
practice_server     the practice server, and a raw client for it
smtplib_oracle      smtplib's classes and ours in the same exchange, compared
cpython_suite       CPython's own tests of smtplib, run with our classes
tls_servers         TLS servers in a thread, and ways of connecting to them
made_certificates   certificates made for a test, good and broken
fixed_certificates  certificates that never change, for pictures
hostile_servers     the table of hostile servers
hostile_text        texts that hostile servers send
hostile_play        hostile servers played on a real socket
"""
