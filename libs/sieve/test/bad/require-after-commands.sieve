if size :over 10M {
  discard;
}
require "fileinto";
fileinto "Small";
