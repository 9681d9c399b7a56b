if size :over 10Q { keep; }
