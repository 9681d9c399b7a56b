require "date";
if currentdate :zone "Paris" "year" "2024" { keep; }
