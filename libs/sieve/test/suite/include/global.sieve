require "include";
include :global "keeps";
