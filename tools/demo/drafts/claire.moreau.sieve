# Un brouillon pour Claire Moreau : les parents de 3eB à part, le week-end n'est plus un critère.
# À essayer sur le courriel déjà là : tamis rules preview. Rien n'en part : le redirect est seulement signalé.
require ["fileinto", "mailbox", "variables", "imap4flags", "copy"];

# rule:[Parents de 3eB]
if allof (
  header :contains "subject" ["3eB", "3èB", "3ème B"],
  address :domain :is "from" "familles.example")
{
  addflag "$Label1";
  redirect :copy "vie.scolaire@academie.example";
  fileinto :create "Classes/3eB/Parents";
  stop;
}

# rule:[3eB]
if header :contains "subject" ["3eB", "3èB", "3ème B"] {
  fileinto :create "Classes/3eB";
  stop;
}

# rule:[Listes]
if header :matches "list-id" "*<*.listes.academie.example>" {
  set :lower :upperfirst "liste" "${2}";
  fileinto :create "Listes/${liste}";
  stop;
}

# rule:[Concours]
if header :contains "subject" ["Kangourou", "olympiades", "rallye mathématique"] {
  addflag "\\Flagged";
  fileinto :create "Concours";
}
