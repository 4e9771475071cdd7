"""The record of a conversation: rows, their storage, masking and the journal on disk."""
