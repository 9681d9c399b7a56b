require "imapflags";
mark;
unmark;
keep;
