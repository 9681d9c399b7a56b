# Règles de Julien Faure, lettres modernes.
require ["fileinto", "mailbox", "body", "imap4flags", "variables", "index", "relational",
         "comparator-i;ascii-numeric"];

# rule:[Copies d'élèves]
if allof (
  header :contains "subject" ["rédaction", "devoir", "dissertation"],
  address :domain :is "from" "eleves.college-trois-sources.example")
{
  fileinto :create "Copies à corriger";
  stop;
}

# rule:[Théâtre]
if body :text :contains ["répétition", "costumes", "représentation"] {
  fileinto :create "Club théâtre";
  stop;
}

# rule:[Venu par la passerelle du rectorat]
# Le premier relais (le Received le plus ancien) est celui du rectorat.
if header :index 1 :last :contains "received" "from mx.rectorat.academie.example" {
  fileinto :create "Rectorat";
  stop;
}

# rule:[Club lecture : c'est le CDI qui s'en occupe]
if header :contains "subject" "club lecture" {
  redirect "cdi.0380001a@academie.example";
  stop;
}

# rule:[Éditeurs]
if header :value "lt" :comparator "i;ascii-numeric" "x-mailing-score" "20" {
  if exists "list-unsubscribe" {
    fileinto :create "Publicité";
    stop;
  }
}
