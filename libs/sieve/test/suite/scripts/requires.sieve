require "fileinto";
require ["copy"];
require "fileinto";
fileinto :copy "A";
