if header :is "Subject:" " urgent" {
  discard;
}
if address :domain "from" "x@example.org" {
  discard;
}
stop;
keep;
