require ["fileinto", "envelope", "copy"];
