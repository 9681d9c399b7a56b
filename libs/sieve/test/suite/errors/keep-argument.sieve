keep "it";
