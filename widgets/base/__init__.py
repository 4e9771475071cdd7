"""What several widgets build on. Imports no other folder of widgets."""
