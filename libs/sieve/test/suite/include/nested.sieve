require "include";
include "nests";
