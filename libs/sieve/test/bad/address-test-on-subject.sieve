if address :contains "subject" "x" {
  discard;
}
