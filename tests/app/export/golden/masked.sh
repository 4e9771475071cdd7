# A conversation with host1.example:587, for swaks.
# Omitted: set PASSWORD first.
# The names of mailboxes and hosts were replaced by others.
# The content of messages was replaced by x.
# swaks before 2024 does not compare the name in the certificate.
# The CAs of the system are trusted; --tls-ca-path FILE names others.
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
