frobnicate;
keep;
