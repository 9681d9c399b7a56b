# Règles de Karim Benali, principal adjoint : emplois du temps, absences, examens.
require ["fileinto", "mailbox", "variables", "imap4flags", "relational", "ereject",
         "comparator-i;ascii-numeric"];

# rule:[Examens]
if header :contains "subject" ["DNB", "brevet", "ASSR", "Pix"] {
  fileinto :create "Examens";
  stop;
}

# rule:[Classe nommée dans l'objet]
# « [3eB] Sortie au musée » va dans Classes/3eB.
if header :matches "subject" "[???] *" {
  set "classe" "${1}${2}${3}";
  fileinto :create "Classes/${classe}";
  stop;
}

# rule:[Absences de professeurs]
if anyof (
  header :matches "subject" ["Absence de *", "Absence : *"],
  header :is "x-logiciel" "remplacements")
{
  addflag "$Absence";
  fileinto :create "Absences";
  stop;
}

# rule:[Démarchage]
if header :contains "subject" "offre exceptionnelle" {
  ereject "Le collège n'achète que par ses marchés : inutile d'insister.";
  stop;
}

# rule:[Trop de destinataires]
if address :count "ge" :comparator "i;ascii-numeric" ["to", "cc"] "8" {
  fileinto :create "Diffusions";
}
