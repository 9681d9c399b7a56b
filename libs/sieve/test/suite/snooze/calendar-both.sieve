require "processcalendar";
processcalendar :updatesonly :calendarid "x";
