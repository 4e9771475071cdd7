"""Helpers that tests share, one of each kind.

stage               the app on a stage: driven by keys, read as text, its clock standing still
stage_plan          a plan on that stage
stage_sockets       the app and a scripted server over a loopback socket
pictures            the words and colours of an SVG of the terminal
screen_text         what stands on a screen, or a part of it, as text
parsed_styles       Textual's style sheets, parsed once for all apps
matched_styles      what they say of a node, kept for the nodes like it
known_handlers      which methods handle a message, looked up once
quick_messages      messages passed on the short way
quick_nodes         values and rules of nodes, found without Textual's detours
terminal            the real program on a pseudo-terminal
scripts             conversations written as `C:` and `S:` lines
procedure_scripts   a procedure against such a script
replays             such conversations as the exports get them
real_replies        replies of real servers
servers             scripted servers on loopback, and one that answers by the verb
practice_server     the practice server, and a raw client for it
smtplib_oracle      smtplib's classes and ours in the same exchange, compared
cpython_suite       CPython's own tests of smtplib, run with our classes
tls_servers         TLS servers in a thread, and the ways in which a client meets them
made_certificates   certificates made for a test, good and broken
fixed_certificates  certificates that never change, for pictures
hostile_servers     the table of hostile servers
hostile_text        what they may say
hostile_play        what plays them on a real socket
"""
