require "fileinto";
fileinto "${a}";
