elsif true { stop; }
