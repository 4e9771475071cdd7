"""Rules for the texts that servers write in their replies; facts from RFCs do not belong here."""
