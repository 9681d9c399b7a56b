require ["processcalendar", "variables"];
processcalendar :outcome "o";
if string "${o}" "no_action" { discard; }
