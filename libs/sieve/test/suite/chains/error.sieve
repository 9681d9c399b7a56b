require ["ihave","fileinto","mailbox"]; fileinto :create "Before"; error "stop here";
