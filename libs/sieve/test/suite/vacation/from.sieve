require "vacation";
vacation :from "me at home" "x";
