require ["include","fileinto"]; include "returns-in-block"; fileinto "Nest";
