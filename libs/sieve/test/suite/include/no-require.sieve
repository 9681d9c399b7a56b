include "keeps";
