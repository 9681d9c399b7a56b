require "duplicate";
if duplicate "a" { keep; }
