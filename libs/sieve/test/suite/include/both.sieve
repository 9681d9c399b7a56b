require "include";
include :personal :global "keeps";
