require "include"; include "deep-13";
