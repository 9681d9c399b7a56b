require "editheader";
addheader "X-Script" "yes";
