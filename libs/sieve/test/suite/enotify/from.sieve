require "enotify";
notify :from "at home" "mailto:a@example.org";
