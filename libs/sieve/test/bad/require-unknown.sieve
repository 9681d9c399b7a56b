require ["fileinto", "fileinot", "vacation", "x-my-extension"];
fileinto "A";
