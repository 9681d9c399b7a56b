require ["fileinto"];
if address :is "from" "boss@example.org" {
  fileinto "Boss"
  stop
}
keep
