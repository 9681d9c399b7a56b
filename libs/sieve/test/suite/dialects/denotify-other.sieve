require "notify";
notify :id "a" :method "mailto" :options ["a@example.org"];
denotify :is "b";
