# A conversation with mail.example.org:587, for swaks.
# The credentials are omitted; set PASSWORD first.
# swaks versions before 2024 do not check the name in the certificate.
# The system's CAs are trusted; --tls-ca-path FILE specifies others.
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
