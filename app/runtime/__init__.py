"""Infrastructure of the running program: keys, crash reports, signals, the log, and settings."""
