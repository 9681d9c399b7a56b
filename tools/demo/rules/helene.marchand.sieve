# Règles d'Hélène Marchand, principale du collège.
require ["fileinto", "mailbox", "envelope", "subaddress", "imap4flags", "body", "copy", "relational",
         "comparator-i;ascii-numeric"];

# rule:[Faux messages]
if allof (
  not address :domain :is "from" ["academie.example", "college-trois-sources.example"],
  anyof (
    body :text :contains ["confirmer votre mot de passe", "compte sera suspendu", "verify your account"],
    header :contains "subject" ["mot de passe expire", "Votre boîte est pleine"]))
{
  addflag "$Phishing";
  fileinto :create "Junk";
  stop;
}

# rule:[Adresse +urgence]
if address :detail :is ["to", "cc", "delivered-to"] "urgence" {
  addflag ["\\Flagged", "$Label1"];
  keep;
  stop;
}

# rule:[Circulaires du rectorat]
if allof (
  address :domain :is "from" "rectorat.academie.example",
  header :contains "subject" ["circulaire", "note de service", "BO n°"])
{
  if header :value "le" :comparator "i;ascii-numeric" "x-priority" "2" {
    addflag "\\Flagged";
  }
  fileinto :create "Rectorat/Circulaires";
  stop;
}

# rule:[Rectorat]
if address :matches :domain "from" ["rectorat.academie.example", "*.rectorat.academie.example"] {
  fileinto :create "Rectorat";
  stop;
}

# rule:[Conseils]
if header :contains "subject" ["conseil d'administration", "conseil de classe", "conseil pédagogique"] {
  fileinto :copy :create "Conseils";
  addflag "$Label2";
}
