"""heloscope in a browser: the web server, and one process for each visitor.

Nothing here speaks SMTP.
"""
