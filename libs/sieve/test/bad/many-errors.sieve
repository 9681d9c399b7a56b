requir "fileinto";
# rule:[One]
if header :contains ["to" "cc"] "x" {
  fileinto "A"
}
elsif adress :is "from" "b@example.org" {
  fileinto;
  else if
}
}
set "a" "b";
if not (true, false) { keep; }
