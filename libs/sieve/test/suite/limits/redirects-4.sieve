redirect "u0@example.org";
redirect "u1@example.org";
redirect "u2@example.org";
redirect "u3@example.org";
