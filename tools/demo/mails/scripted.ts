import { mailbox, subject, text } from "./compose.ts";
import { letter, type Sample, STAFF } from "./sample.ts";

/** Filed by the rule that `--check` puts by ManageSieve, for the one account without rules: see `put-script.ts`. */
export const scripted: Sample = {
  name: "piscine",
  to: "paul.girard",
  from: `karim.benali@${STAFF}`,
  want: { folder: "Piscine" },
  build: (stamp) =>
    letter({
      from: mailbox("Karim Benali", `karim.benali@${STAFF}`),
      to: `paul.girard@${STAFF}`,
      subject: subject("Créneaux de piscine", "utf-8", "B"),
      date: stamp.workday,
      body: text("Le bassin est libre le mardi.\n"),
    }),
};
