# Thomas Leroy, SVT : un petit script, comme la plupart.
require ["fileinto", "mailbox"];

# rule:[Fournisseurs]
if address :is :domain "from" ["labo-sciences.example", "microscopes.example"] {
  fileinto :create "Fournisseurs";
}
# rule:[Syndicat]
elsif header :contains "list-id" "syndicat" {
  fileinto :create "Syndicat";
}
# rule:[Sorties]
elsif header :contains "subject" ["sortie", "musée", "géologie"] {
  fileinto :create "Sorties";
}
