import { setFlagsFromString } from "node:v8";

// Signing thousands of accounts in makes much garbage at once. V8 would let its young generation grow to 32 MB for it, three
// times over, and keep that: with 600 accounts 140 KB of memory each instead of 50. Our mail is in buffers outside its heap.
setFlagsFromString("--semi-space-growth-factor=1");
