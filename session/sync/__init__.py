"""The blocking driver: classes with the interface of smtplib's."""
