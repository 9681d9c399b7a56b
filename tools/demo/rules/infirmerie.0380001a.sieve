# Infirmerie (infirmerie.0380001a) : rien n'y est copié, rien n'y est supprimé.
require ["fileinto", "mailbox", "imap4flags", "body"];

# rule:[PAI]
if header :contains "subject" ["PAI", "projet d'accueil individualisé"] {
  addflag "\\Flagged";
  fileinto :create "PAI";
  stop;
}

# rule:[Vaccinations]
if anyof (
  header :contains "subject" "vaccin",
  body :text :contains "carnet de santé")
{
  fileinto :create "Vaccinations";
  stop;
}

# rule:[Documents de santé]
if header :contains "content-type" "multipart/mixed" {
  fileinto :create "Pièces reçues";
}
