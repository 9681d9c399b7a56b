# rule:[Newsletters]
if header :contains "list-id" "news" {
  fileinto :copy "News";
}
