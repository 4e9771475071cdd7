"""The configuration: the user's file with its server profiles, and the environment variables.

Nothing here depends on a screen or a command. A mistake in the file is reported as a sentence with
FILE:LINE; the wrong value is ignored, and the other values apply. The file never contains a secret,
only where to find it.
"""
