if true { keep; }
keep;
else { stop; }
