require ["ihave", "variables"];
set "what" "all of it";
if true { error "wrong: ${what}"; }
