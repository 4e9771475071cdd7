# A conversation with mail.example.org:587, for swaks.
# Omitted: set PASSWORD first.
# swaks before 2024 does not compare the name in the certificate.
# The CAs of the system are trusted; --tls-ca-path FILE names others.
printf %b \
  'From: Alice <alice@example.net>\r\n' \
  'Subject: 1 < 2 & "3"\r\n' \
  '\r\n' \
  '..dot\r\n' \
  '```\r\n' \
  '<script>alert(1)</script> \0033[31m \0377 \0342\0200\0256\r\n' \
  . |
SWAKS_OPT_auth_password="${PASSWORD:?}" swaks \
  --server mail.example.org \
  --port 587 \
  --ehlo laptop \
  --tls \
  --tls-verify \
  --tls-sni mail.example.org \
  --auth PLAIN \
  --auth-user alice \
  --from alice@example.net \
  --to nobody@example.org,bob@example.org \
  --data - --no-data-fixup
