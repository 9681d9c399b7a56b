redirect "Friends: a@example.org;";
