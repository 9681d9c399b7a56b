require "variables";
set :upper :upper "a" "x";
