# Intendance (int.0380001a) : factures, bons de commande, cantine.
require ["fileinto", "mailbox", "body", "encoded-character", "imap4flags", "relational",
         "comparator-i;ascii-numeric"];

# rule:[Factures]
if anyof (
  header :contains "subject" ["facture", "avoir n°"],
  body :content "application" :contains "FACTURE",
  header :contains ["content-type", "x-piece-jointe"] "facture")
{
  addflag "$Facture";
  fileinto :create "Comptabilité/Factures";
  stop;
}

# rule:[Montants]
# Le signe euro dans l'objet : ${unicode:20AC}, quel que soit le codage du message.
if header :contains "subject" "${unicode:20AC}" {
  fileinto :create "Comptabilité/Devis";
  stop;
}

# rule:[Cantine]
if header :contains "subject" ["demi-pension", "cantine", "menu de la semaine"] {
  fileinto :create "Demi-pension";
  stop;
}

# rule:[Messages lourds]
if size :over 100K {
  fileinto :create "Lourds";
}
