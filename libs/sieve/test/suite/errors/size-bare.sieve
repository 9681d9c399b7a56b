if size { keep; }
