import { relative } from "node:path";
import { SENDER as AUTHOR, LETTER, RECIPIENTS } from "./circular/send-circular.ts";
import type { Language } from "./language.ts";
import { wrap } from "./layout.ts";
import { STAFF } from "./mails/sample.ts";
import type { SchoolAccount } from "./school.ts";
import type { Stack } from "./stack.ts";
import type { Texts } from "./texts.ts";

type OpeningOptions = {
  readonly stack: Pick<Stack, "clientPort" | "configFile" | "consolePort" | "logFile" | "servicePorts" | "sieve"> & {
    readonly dovecot: { readonly password: string };
  };
  readonly accounts: readonly SchoolAccount[];
  readonly texts: Texts;
  readonly language: Language;
  readonly columns: number;
};

const SHOWN = "claire.moreau";
/** Whose rules answer colleagues. */
const SENDER = "emily.watson";
const INDENT = "  ";

const pairs = (rows: ReadonlyArray<readonly [label: string, value: string]>): string => {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${INDENT}${label.padEnd(width)}  ${value}`).join("\n");
};

const shortPath = (path: string): string => {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
};

/** How to open the same mailboxes with a mail client. */
function forClients({ stack, accounts, texts, columns }: OpeningOptions): string {
  const shown = accounts.find(({ local }) => local === SHOWN) ?? accounts[0];
  const others = accounts.filter((account) => account !== shown).map(({ local }) => local);
  const server: Array<readonly [string, string]> = [
    [texts.clientServer, `127.0.0.1:${stack.clientPort}, STARTTLS`],
    [texts.clientUser, shown?.address ?? ""],
    [texts.clientPassword, stack.dovecot.password],
  ];
  return [
    texts.clientTitle,
    pairs(server),
    wrap(`${texts.clientOthers} ${others.join(", ")}`, columns, INDENT),
    wrap(`${texts.clientCertificate} ${texts.clientEnd}`, columns, INDENT),
  ].join("\n");
}

/** How to change the rules with an editor of one's own. */
function forEditors({ stack, texts, columns }: OpeningOptions): string {
  const { port, certFile } = stack.sieve;
  return [
    wrap(texts.sieveTitle, columns),
    pairs([
      ["ManageSieve", `127.0.0.1:${port}, STARTTLS`],
      [texts.sieveCertificate, shortPath(certFile)],
    ]),
    `${INDENT}# ${texts.sieveByHand}`,
    `${INDENT}openssl s_client -quiet -starttls sieve -connect 127.0.0.1:${port} \\`,
    `${INDENT}    -CAfile ${shortPath(certFile)}`,
  ].join("\n");
}

/** Where circulars are written. */
function forSenders({ stack, texts, columns }: OpeningOptions): string {
  return [wrap(texts.consoleTitle, columns), `${INDENT}http://127.0.0.1:${stack.consolePort}/`].join("\n");
}

/** How to look at what Tamis does. */
function forOperators({ stack, accounts, texts }: OpeningOptions): string {
  const shown = accounts.find(({ local }) => local === SHOWN) ?? accounts[0];
  return [
    texts.lookTitle,
    `${INDENT}export TAMIS_CONFIG=${shortPath(stack.configFile)}`,
    `${INDENT}npx tamis status`,
    `${INDENT}npx tamis log --account ${shown?.address ?? ""}`,
    `${INDENT}# ${texts.lookDraft}`,
    `${INDENT}npx tamis rules preview --account ${shown?.address ?? ""} \\`,
    `${INDENT}    --script tools/demo/drafts/${SHOWN}.sieve --changes`,
    `${INDENT}npx tamis outbox list --account ${SENDER}@${STAFF}`,
    `${INDENT}# ${texts.lookCircular}`,
    `${INDENT}npx tamis circular create --account ${AUTHOR}@${STAFF} \\`,
    `${INDENT}    --subject '{{prenom}} : portes ouvertes' \\`,
    `${INDENT}    --markdown tools/demo/circular/${LETTER} \\`,
    `${INDENT}    --recipients tools/demo/circular/${RECIPIENTS}`,
    pairs([
      ...Object.entries(stack.servicePorts).map(
        ([name, port]) => [name, `http://127.0.0.1:${port}/metrics  /readyz`] as const,
      ),
      [texts.lookRules, "tools/demo/rules/*.sieve"],
      [texts.lookLogs, shortPath(stack.logFile)],
    ]),
  ].join("\n");
}

/** What is said before the first mail. */
export function opening(options: OpeningOptions): string {
  const { accounts, texts, columns } = options;
  const scripts = accounts.filter(({ script }) => script !== undefined).length;
  return [
    "",
    wrap(texts.about(accounts.length, scripts), columns),
    "",
    forClients(options),
    "",
    forEditors(options),
    "",
    forSenders(options),
    "",
    forOperators(options),
    "",
    wrap(`${texts.legend} ${texts.leavingLegend} ${texts.ending}`, columns),
    "",
  ].join("\n");
}
