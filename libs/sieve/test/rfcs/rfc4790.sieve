require ["fileinto", "relational", "comparator-i;ascii-numeric"];
# RFC 4790 §9.1: digits at the start as a number, anything else beyond all numbers.
if header :value "lt" :comparator "i;ascii-numeric" "x-priority" "3" { fileinto "High"; stop; }
if header :is :comparator "i;ascii-numeric" "x-priority" "3" { fileinto "Normal"; stop; }
if exists "x-priority" { fileinto "Low"; stop; }
# RFC 4790 §9.2 and §9.3
if header :is :comparator "i;octet" "subject" "Case" { fileinto "Octet"; }
if header :is :comparator "i;ascii-casemap" "subject" "CASE" { fileinto "Casemap"; }
