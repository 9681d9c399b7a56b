require "include"; include "deep-13"; include "deep-13"; include "deep-13";
