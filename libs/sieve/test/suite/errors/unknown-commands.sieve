frobnicate;
frob "x";
