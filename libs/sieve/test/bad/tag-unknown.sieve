require ["fileinto", "mailbox"];
if header :contian "subject" "x" {
  fileinto :creat "A";
}
