# Règles de Nathalie Petit, conseillère principale d'éducation (vie scolaire).
require ["fileinto", "mailbox", "body", "imap4flags", "variables", "subaddress", "relational"];

# rule:[Retards et absences d'élèves]
if anyof (
  header :contains "subject" ["absence", "retard", "malade"],
  body :text :contains ["ne pourra pas venir", "sera absent", "est souffrant"])
{
  addflag "$Absence";
  fileinto :create "Vie scolaire/Absences";
  stop;
}

# rule:[Harcèlement]
if anyof (
  body :text :contains ["harcèlement", "moqueries", "insultes"],
  header :contains "subject" "harcèlement")
{
  addflag ["\\Flagged", "$Label1"];
  fileinto :create "Vie scolaire/Suivi";
  stop;
}

# rule:[Par sujet, dans l'adresse]
# vie scolaire donne à chacun nathalie.petit+SUJET@…
if address :matches :detail ["to", "cc"] "?*" {
  set :lower "sujet" "${1}${2}";
  fileinto :create "Sujets/${sujet}";
  stop;
}

# rule:[Transports]
if header :contains "subject" ["car scolaire", "transports", "ligne "] {
  fileinto :create "Transports";
}
