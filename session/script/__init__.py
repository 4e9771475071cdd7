"""The language of typed lines and scripts: its grammar. Nothing in here sends anything."""
