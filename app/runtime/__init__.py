"""The running program: crash report, signals and settings."""
