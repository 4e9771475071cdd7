"""What servers' own reply texts mean, as tables of rules; no facts of an RFC in here."""
