require "include";
include "loops";
