if header "subject" 10 { keep; }
