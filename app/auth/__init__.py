"""Answering AUTH challenges by hand."""
