require "ihave";
error "this is wrong";
