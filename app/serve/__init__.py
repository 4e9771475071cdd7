"""heloscope in a browser: the web server, and the process of each visitor. Contains no SMTP."""
