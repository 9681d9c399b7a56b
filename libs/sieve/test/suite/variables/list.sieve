require "variables";
set "a" ["x", "y"];
