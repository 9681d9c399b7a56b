require "editheader";
deleteheader "a b";
