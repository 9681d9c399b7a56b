require ["fileinto","mailbox","copy"]; fileinto :create :copy "Copied";
