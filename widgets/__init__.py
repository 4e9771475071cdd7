"""The widgets of heloscope. No widget depends on a screen or a socket."""
