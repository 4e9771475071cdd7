"""Answering AUTH challenges manually."""
