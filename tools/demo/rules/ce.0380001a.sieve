# Boîte fonctionnelle du collège (ce.0380001a) : le tri que le secrétariat partage.
require ["fileinto", "mailbox", "copy", "imap4flags", "body", "variables", "envelope"];

# rule:[Avis d'absence automatiques]
if anyof (
  header :contains "auto-submitted" "auto-replied",
  header :matches "subject" ["Réponse automatique*", "Absence du bureau*", "Automatic reply*"])
{
  discard;
  stop;
}

# rule:[Non remis]
if anyof (
  envelope :is "from" "",
  header :contains "content-type" "report-type=delivery-status")
{
  fileinto :create "Non remis";
  stop;
}

# rule:[Certificats et inscriptions]
if header :contains "subject" ["inscription", "certificat de scolarité", "exeat"] {
  fileinto :create "Scolarité/Inscriptions";
  stop;
}

# rule:[Rectorat : copie à la direction]
if address :domain :is "from" "rectorat.academie.example" {
  fileinto :copy :create "Direction/À voir";
  addflag "\\Flagged";
  keep;
  stop;
}

# rule:[Parents]
if body :text :contains ["mon fils", "ma fille", "mon enfant"] {
  fileinto :create "Familles";
}
