if anyof header :is "a" "b", header :is "c" "d" {
  discard;
}
