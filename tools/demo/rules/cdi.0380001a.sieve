# CDI (cdi.0380001a) : abonnements, emprunts, revues.
require ["fileinto", "mailbox", "variables", "imap4flags", "envelope"];

# rule:[Lettres d'information]
if allof (
  exists ["list-unsubscribe"],
  header :matches "list-id" "*<*>*")
{
  set :lower "lettre" "${2}";
  if string :matches "${lettre}" "*.*" {
    set "lettre" "${1}";
  }
  fileinto :create "Lettres/${lettre}";
  stop;
}

# rule:[Emprunts]
if header :contains "subject" ["prêt", "emprunt", "réservation"] {
  fileinto :create "Prêts";
  stop;
}

# rule:[Libraires]
if header :contains ["from", "reply-to"] ["librairie", "editions"] {
  fileinto :create "Commandes";
}
