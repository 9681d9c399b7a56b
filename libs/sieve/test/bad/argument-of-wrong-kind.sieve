require "fileinto";
if size :over "1M" {
  fileinto ["A", "B"];
}
if header 5 "x" {
  keep;
}
