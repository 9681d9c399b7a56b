if true { keep; } else exists "subject" { stop; }
