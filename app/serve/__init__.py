"""heloscope in a browser: the web server, and one process for each visitor. Contains no SMTP."""
