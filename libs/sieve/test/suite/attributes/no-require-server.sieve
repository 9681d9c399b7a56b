if servermetadata "/shared/a" "c" { keep; }
