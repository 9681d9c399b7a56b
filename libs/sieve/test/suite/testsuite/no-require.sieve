test "a" { }
