require "include"; include "deep-12";
