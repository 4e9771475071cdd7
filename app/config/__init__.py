"""The configuration: the file of the user, its profiles of servers, and the environment.

Nothing here knows a screen or a command. A mistake in the file is a sentence with FILE:LINE; the
wrong value is ignored, and the rest applies. The file never contains a secret, only where to find
it.
"""
