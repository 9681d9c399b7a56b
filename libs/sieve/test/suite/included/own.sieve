require ["variables"];
set "mine" "theirs";
