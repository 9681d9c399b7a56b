require "include";
include :optional "nothing";
keep;
