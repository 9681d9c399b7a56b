require "duplicate";
if duplicate :seconds "1" { keep; }
