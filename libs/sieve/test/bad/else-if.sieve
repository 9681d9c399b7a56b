if true {
  keep;
} else if header :is "a" "b" {
  discard;
}
