require "replace";
replace :mime :subject "a" "x";
