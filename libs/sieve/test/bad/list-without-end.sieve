if address :is "from" ["a@example.org", "b@example.org" {
  discard;
}
