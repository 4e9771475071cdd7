"""The language of typed lines and scripts: its grammar and its parser. Nothing here is sent."""
