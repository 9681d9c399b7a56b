require ["editheader", "fileinto", "copy"];
# RFC 5293 §4, §5, §6
if header :contains "subject" "[news]" {
  addheader "X-Sorted" "news";
  fileinto :copy "News";
  deleteheader :index 1 :is "X-Note" "private";
  deleteheader "Received";
}
if header "x-sorted" "news" { fileinto :copy "Sorted"; }
