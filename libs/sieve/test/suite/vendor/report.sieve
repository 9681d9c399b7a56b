report "a" "b" "c@example.org";
