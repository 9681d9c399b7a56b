keep; /* never ends
