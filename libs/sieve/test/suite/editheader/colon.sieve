require "editheader";
addheader "a:" "c";
