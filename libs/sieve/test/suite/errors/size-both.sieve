if size :over 10 :under 20 { keep; }
