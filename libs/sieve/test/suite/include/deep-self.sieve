require "include"; include :once "once-itself";
