require ["frobnication", "fileinto", "nothing"];
