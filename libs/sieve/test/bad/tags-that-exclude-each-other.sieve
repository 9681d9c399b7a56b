if header :is :contains "subject" "x" {
  discard;
}
if size :over 1M :under 2M {
  keep;
}
