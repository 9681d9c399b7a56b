frobnicate;
frobnicate;
