# Règles de Claire Moreau, mathématiques, professeure principale de 3eB.
require ["fileinto", "mailbox", "variables", "imap4flags", "date", "relational", "copy"];

# rule:[3eB d'abord]
if header :contains "subject" ["3eB", "3èB", "3ème B"] {
  addflag "$Label1";
  fileinto :create "Classes/3eB";
  stop;
}

# rule:[Liste de discipline]
# « [maths-collège] … » : le nom de la liste devient celui du dossier.
if header :matches "list-id" "*<*.listes.academie.example>" {
  set :lower :upperfirst "liste" "${2}";
  fileinto :create "Listes/${liste}";
  stop;
}

# rule:[Écrit le week-end]
if allof (
  date :originalzone "date" "weekday" ["0", "6"],
  not address :domain :is "from" "academie.example")
{
  fileinto :create "À lire lundi";
  stop;
}

# rule:[Concours]
if header :contains "subject" ["Kangourou", "olympiades", "rallye mathématique"] {
  fileinto :create "Concours";
}
