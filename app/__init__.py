"""The application: screens, command line, configuration."""
