require "variables";
set :upperfirst :lowerfirst "a" "x";
