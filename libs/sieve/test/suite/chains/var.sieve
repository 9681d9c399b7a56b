require ["variables","fileinto","mailbox"]; if string "${a}" "" { set "a" "x"; fileinto :create "Fresh"; }
