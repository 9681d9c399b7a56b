if discard {
  keep;
}
header :is "subject" "x";
