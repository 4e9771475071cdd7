# A conversation with host1.example:587, for swaks.
# The credentials are omitted; set PASSWORD first.
# Mailbox and host names were replaced with pseudonyms.
# Message content was replaced with x.
# swaks versions before 2024 do not check the name in the certificate.
# The system's CAs are trusted; --tls-ca-path FILE specifies others.
printf %b \
  'From: xxxxxxxxxxxxxxxxxxxxxxxxx\r\n' \
  'Subject: xxxxxxxxxxx\r\n' \
  '\r\n' \
  'xxxx\r\n' \
  'xxx\r\n' \
  'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n' \
  . |
SWAKS_OPT_auth_password="${PASSWORD:?}" swaks \
  --server host1.example \
  --port 587 \
  --ehlo host2.example \
  --tls \
  --tls-verify \
  --tls-sni host1.example \
  --auth PLAIN \
  --auth-user user2 \
  --from user3@host3.example \
  --to user4@host4.example,user5@host4.example \
  --data - --no-data-fixup
