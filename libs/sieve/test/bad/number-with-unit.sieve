if size :over 100KB {
  discard;
}
if size :over 1.5M {
  discard;
}
