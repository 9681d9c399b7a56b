require "include"; include "nope"; include :global "nope"; include :optional "nope";
