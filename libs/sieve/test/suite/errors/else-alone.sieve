keep;
else { stop; }
