require "fileinto";
if header :is "subject" "a" {
  fileinto "A";

if header :is "subject" "b" {
  fileinto "B";
}
