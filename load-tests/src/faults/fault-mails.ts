import { messageIdOf } from "../load-account.ts";

/** Where one copy of a mail belongs, and with which flags. */
export interface Place {
  readonly folder: string;
  readonly flags: readonly string[];
}

/** One sort of mail: the word in its subject that the rules look for, and where the rules put it. */
interface Sort {
  readonly word: string;
  readonly rule: string;
  readonly places: readonly Place[];
}

const at = (folder: string, ...flags: readonly string[]): Place => ({ folder, flags });

/** Every kind of plan that `mailbox` carries out is among them, and mail that no rule names. */
const sorts = [
  { word: "file", rule: 'fileinto :create "Classe"; stop;', places: [at("Classe")] },
  { word: "nested", rule: 'fileinto :create "Projets/2026"; stop;', places: [at("Projets/2026")] },
  { word: "copy", rule: 'fileinto :copy :create "Copies"; stop;', places: [at("Copies"), at("INBOX")] },
  { word: "twice", rule: 'fileinto :create "Un"; fileinto :create "Deux"; stop;', places: [at("Un"), at("Deux")] },
  { word: "flag", rule: 'addflag "\\\\Flagged"; keep; stop;', places: [at("INBOX", "\\Flagged")] },
  { word: "label", rule: 'fileinto :create :flags "$Label1" "Étiquetés"; stop;', places: [at("Étiquetés", "$Label1")] },
  { word: "discard", rule: "discard; stop;", places: [at("Trash")] },
  { word: "keep", rule: "keep; stop;", places: [at("INBOX")] },
  { word: "none", rule: "", places: [at("INBOX")] },
] as const satisfies readonly Sort[];

/** The sort of the mails that measure how long a recovery takes. */
const probe: Sort = { word: "probe", rule: 'fileinto :create "Sonde"; stop;', places: [at("Sonde")] };
export const PROBE_FOLDER = "Sonde";

/** The owner's script: one rule per sort. */
export const faultScript = [
  'require ["fileinto", "copy", "imap4flags", "mailbox"];',
  ...[...sorts, probe]
    .filter(({ rule }) => rule !== "")
    .map(({ word, rule }) => `# rule:[${word}]\nif header :contains "subject" "[${word}]" { ${rule} }`),
  "",
].join("\n");

/** A mail to deliver, with the places it must end in. */
export interface FaultMail {
  readonly key: number;
  readonly sort: string;
  readonly raw: string;
  readonly places: readonly Place[];
}

const SENTENCE = "Les bulletins du deuxième trimestre sont à rendre avant vendredi soir, merci de votre attention.\r\n";

function text(key: number, { word }: Sort, messageId = messageIdOf(key)): string {
  // 0.4 to 8 KB, the same for the same key.
  const lines = 1 + ((key * 31) % 80);
  const head = [
    `Received: from front.load.test by store.load.test with LMTP id ${key}; Mon, 2 Nov 2026 08:00:00 +0100`,
    "From: Le proviseur <proviseur@load.test>",
    "To: Professeurs <professeurs@load.test>",
    `Subject: [${word}] Conseil de classe ${key}`,
    "Date: Mon, 2 Nov 2026 08:00:00 +0100",
    `Message-ID: ${messageId}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
  ];
  return `${head.join("\r\n")}\r\n\r\n${SENTENCE.repeat(lines)}`;
}

const mailOf = (key: number, sort: Sort): FaultMail => ({
  key,
  sort: sort.word,
  raw: text(key, sort),
  places: sort.places,
});

/** The mail with this number. Sorts take turns, shifted each time, so that every account gets every sort. */
export function faultMail(key: number): FaultMail {
  return mailOf(key, sorts[(key + Math.floor(key / sorts.length)) % sorts.length] ?? sorts[0]);
}

/** A mail whose arrival in {@link PROBE_FOLDER} shows that its account is served again. */
export const probeMail = (key: number): FaultMail => mailOf(key, probe);

const label = sorts.find(({ word }) => word === "label") ?? probe;

/** A mail that gets a keyword, and the folder that it goes to. It is none of those that are delivered and counted. */
export const KEYWORD_MAIL = { raw: text(0, label, "<keyword@load.test>"), folder: label.places[0]?.folder ?? "" };
