addheader "a" "b";
