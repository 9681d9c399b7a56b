if true { keep; } else { stop; } elsif true { stop; }
