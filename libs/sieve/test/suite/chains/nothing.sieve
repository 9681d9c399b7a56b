if false { keep; }
