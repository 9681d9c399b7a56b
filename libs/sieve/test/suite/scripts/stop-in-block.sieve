if true { if true { stop; } keep; }
keep;
