"""The blocking driver: classes with the same interface as smtplib's."""
