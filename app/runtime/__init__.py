"""Infrastructure of the running program: keys, crash report, signals, log and settings."""
