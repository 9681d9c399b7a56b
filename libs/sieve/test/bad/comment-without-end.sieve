keep;
/* the rest is not ready
discard;
