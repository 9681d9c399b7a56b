require "include";
include "returns";
keep;
