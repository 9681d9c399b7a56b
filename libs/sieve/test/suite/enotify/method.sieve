require "enotify";
notify "frob:a@example.org";
