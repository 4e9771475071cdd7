"""The widgets of heloscope: each shows one thing, and knows no screen and no socket."""
