require "include";
include "keeps";
redirect "a@example.org";
