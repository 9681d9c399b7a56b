require "date";
if date ["date", "x-date"] "year" "2024" { keep; }
