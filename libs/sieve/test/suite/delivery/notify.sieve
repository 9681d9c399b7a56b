redirect :notify "never" "a@example.org";
