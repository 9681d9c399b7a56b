require "redirect-dsn";
redirect :notify "maybe" "a@example.org";
