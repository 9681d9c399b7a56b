require ["fileinto", "fileinot", "vnd.dovecot.config", "x-my-extension"];
fileinto "A";
