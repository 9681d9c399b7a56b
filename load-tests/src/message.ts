import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Message, readMessage, walk } from "@tamis/message";
import { MailParser, simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { alternate, medianOf } from "./alternate.ts";
import { generateMails, type Mail } from "./mails.ts";
import { readOptions, textOption, wholeNumber } from "./options.ts";
import { type Figures, machine, say, table, writeReport } from "./report.ts";
import { significant } from "./statistics.ts";

export const MESSAGE_HELP = [
  "--mails N      mails generated, 100 to 20000 (2000)",
  "--rounds N     alternating runs, of which the median counts, 1 to 9 (3)",
  "--seed N       of the mails (1)",
  "--json FILE    writes the figures",
  "--corpus       instead compares every mail of the corpora beside the repository with mailparser",
].join("\n");

const SHARE = 0.44;
const SIZES = { minBytes: 2_000, maxBytes: 60_000 };
/** Each run goes on for so long, in whole passes, so that a collection or two belong to it. */
const RUN_MS = 600;

/** What one run did. */
interface Rate {
  readonly perSecond: number;
}

/**
 * How fast mail is parsed on one core, beside mailparser and postal-mime: the headers that rules ask for most, found and
 * decoded, and all text parts decoded. The peers get the header block alone for the first.
 * @returns the exit code
 */
export async function runMessage(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv, {
    mails: { type: "string", default: "2000" },
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    json: { type: "string" },
    corpus: { type: "boolean", default: false },
  });
  if (options["corpus"] === true) return compareCorpus();
  const count = wholeNumber("mails", options["mails"], { min: 100, max: 20_000 });
  const rounds = wholeNumber("rounds", options["rounds"], { min: 1, max: 9 });
  const seed = wholeNumber("seed", options["seed"], { min: 0, max: 1e9 });
  const mails = generateMails(count, { seed, multipartShare: SHARE, ...SIZES });
  const rates = await measure(mails, rounds);
  const bytes = mails.reduce((sum, { raw }) => sum + raw.length, 0) / mails.length;
  printRates(rates, bytes);
  const json = textOption(options["json"]);
  if (json !== undefined) await writeJson(json, rates, { mails: count, rounds, seed, mean_bytes: Math.round(bytes) });
  return 0;
}

type Rates = Readonly<Record<string, number>>;

/** Mails per second of every contender, the median over the rounds. */
async function measure(mails: readonly Mail[], rounds: number): Promise<Rates> {
  const raws = mails.map(({ raw }) => raw);
  // Slow peers get a part of the mails: their rate does not depend on the number.
  const some = raws.slice(0, 300);
  const heads = some.map(headerBlock);
  const contenders = {
    ours_headers: () => timed(raws, readHeaders),
    mailparser_headers: () => timed(heads, mailparserHeaders),
    postal_mime_headers: () => timed(heads, postalMime),
    ours_texts: () => timed(raws, readTexts),
    mailparser_texts: () => timed(some, mailparserWhole),
    postal_mime_texts: () => timed(some, postalMime),
  };
  // The first round only warms up: the compilers of all contenders have then seen their work.
  await alternate(contenders, 1);
  const runs = await alternate<Rate>(contenders, rounds);
  return Object.fromEntries(
    Object.keys(contenders).map((name) => [name, medianOf(runs[name], ({ perSecond }) => perSecond)]),
  );
}

async function timed(raws: readonly Buffer[], work: (raw: Buffer) => unknown): Promise<Rate> {
  const start = performance.now();
  let done = 0;
  let elapsed = 0;
  while (elapsed < RUN_MS) {
    for (const raw of raws) {
      const result = work(raw);
      if (result instanceof Promise) await result;
    }
    done += raws.length;
    elapsed = performance.now() - start;
  }
  return { perSecond: (done * 1000) / elapsed };
}

function headerBlock(raw: Buffer): Buffer {
  return raw.subarray(0, raw.indexOf("\r\n\r\n") + 4);
}

/** The fields that rules ask for, decoded as a rule sees them. */
function readHeaders(raw: Buffer): number {
  const message = readMessage(raw);
  let seen = 0;
  for (const name of ["from", "to", "cc", "reply-to"]) {
    for (const field of message.headers(name)) seen += field.addresses().length;
  }
  for (const name of ["subject", "list-id", "date"]) {
    for (const field of message.headers(name)) seen += field.text().length;
  }
  return seen + (message.headers("message-id")[0]?.raw().length ?? 0);
}

function readTexts(raw: Buffer): number {
  const message: Message = readMessage(raw);
  let seen = message.headers("subject")[0]?.text().length ?? 0;
  for (const entity of walk(message.root)) seen += entity.text().length;
  return seen;
}

const SKIP = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true };

const mailparserWhole = (raw: Buffer): Promise<unknown> => simpleParser(raw, SKIP);

function mailparserHeaders(head: Buffer): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const parser = new MailParser(SKIP);
    parser.on("headers", resolve);
    parser.on("error", reject);
    parser.on("data", () => {});
    parser.end(head);
  });
}

const postalMime = (raw: Buffer): Promise<unknown> => PostalMime.parse(raw);

const PEERS = ["mailparser", "postal_mime"] as const;

function printRates(rates: Rates, meanBytes: number): void {
  const row = (name: string, prefix: string): (string | number)[] => {
    const texts = rates[`${prefix}_texts`] ?? Number.NaN;
    const mib = (texts * meanBytes) / 2 ** 20;
    return [name, Math.round(rates[`${prefix}_headers`] ?? Number.NaN), Math.round(texts), significant(mib, 3)];
  };
  const rows = [row("Tamis", "ours"), row("mailparser", "mailparser"), row("postal-mime", "postal_mime")];
  say(`Mails of ${SIZES.minBytes} to ${SIZES.maxBytes} octets, one core, ${JSON.stringify(machine())}`);
  say(table(["", "headers mails/s", "all texts mails/s", "MiB/s"], rows));
}

async function writeJson(file: string, rates: Rates, settings: Figures): Promise<void> {
  const figures = (prefix: string): Figures => ({
    headers_mails_per_s: significant(rates[`${prefix}_headers`] ?? Number.NaN),
    texts_mails_per_s: significant(rates[`${prefix}_texts`] ?? Number.NaN),
  });
  const ratios = PEERS.flatMap((peer) =>
    ["headers", "texts"].map((what): [string, number] => [
      `${peer}_${what}`,
      significant((rates[`ours_${what}`] ?? Number.NaN) / (rates[`${peer}_${what}`] ?? Number.NaN)),
    ]),
  );
  await writeReport(file, {
    scenario: "message",
    ours: figures("ours"),
    peers: Object.fromEntries(PEERS.map((peer) => [peer.replace("_", "-"), figures(peer)])),
    ceiling: {},
    ratios: Object.fromEntries(ratios),
    settings: { ...settings, multipart_share: SHARE, min_bytes: SIZES.minBytes, max_bytes: SIZES.maxBytes },
  });
}

/** The test of the corpora with every mail instead of a sample. */
function compareCorpus(): Promise<number> {
  const test = fileURLToPath(new URL("../../libs/message/src/corpus.test.ts", import.meta.url));
  const env = { ...process.env, TAMIS_CORPUS: "all" };
  const child = spawn(process.execPath, ["--test", "--test-reporter=spec", test], { env, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
