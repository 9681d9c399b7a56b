require "variables";
set "a" "${frob.a}";
