require "ihave";
if ihave "fileinto" { keep; }
frobnicate;
