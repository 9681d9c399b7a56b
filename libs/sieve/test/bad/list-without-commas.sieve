if address :is ["from" "sender"] ["a@example.org", "b@example.org",] {
  discard;
}
