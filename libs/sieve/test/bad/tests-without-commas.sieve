if allof (header :is "a" "b"
          not header :is "c" "d"
          size :under 1M) {
  discard;
}
