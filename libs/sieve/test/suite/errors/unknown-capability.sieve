require "frobnication";
