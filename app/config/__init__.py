"""The configuration: the file of the user, its profiles of servers, and the environment.

Nothing here knows a screen or a command. A mistake in the file is a sentence with FILE:LINE; what
is wrong is left out, and the rest counts. The file never contains a secret, only where to find it.
"""
