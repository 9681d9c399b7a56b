require "editheader";
addheader "a";
