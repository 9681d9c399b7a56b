import { readFileSync } from "node:fs";
import { get as getInClear } from "node:http";
import { get as getByTls } from "node:https";
import { rootCertificates } from "node:tls";
import { type doorsSections, lookAtImap } from "@tamis/doors";
import { certificateFinding, type DoctorContext, type Finding, findingOf, sectionNames } from "@tamis/kit";
import { ObjectsUnavailable, openObjects } from "@tamis/store";
import { makeObjectName } from "@tamis/tokens";
import type { z } from "zod";
import type { consoleConfig, linkedConfig } from "./config.ts";
import { remarks } from "./doctor-texts.ts";
import { FILES_PATH } from "./files/file-pages.ts";

type Context = Pick<
  DoctorContext<
    typeof doorsSections & { readonly console: typeof consoleConfig; readonly outbox: typeof linkedConfig }
  >,
  "settings" | "signal"
>;

/** What `tamis doctor` asks of this service: its certificate, its address, who may write, and the IMAP server that checks passwords. */
export async function examine(context: Context): Promise<readonly Finding[]> {
  const { console: own, file } = context.settings;
  const { cert_file: certFile, key_file: keyFile } = own;
  const isSending = sectionNames(file).includes("outbox");
  const certificate =
    certFile === undefined || keyFile === undefined
      ? []
      : [certificateFinding("console.certificate", "console", { certFile, keyFile })];
  const senders = own.senders === "everybody" ? "everybody" : own.senders.length;
  return [
    ...certificate,
    await addressFinding(context),
    ...(isSending ? unsubscribeFindings(context.settings) : []),
    ...(await filesFindings(context)),
    senders === 0
      ? findingOf("console.senders", remarks["no-senders"])
      : findingOf("console.senders", remarks[senders === "everybody" ? "everybody" : "senders"], { count: senders }),
    ...(isSending ? [] : [findingOf("console.outbox", remarks["no-outbox"])]),
    await imapFinding(context),
  ];
}

/** Whether the address that people are given leads to us: asked for something that nobody has to sign in for. */
async function addressFinding({ settings, signal }: Context): Promise<Finding> {
  const id = "console.url";
  const { url, cert_file: certFile } = settings.console;
  try {
    const { status, code } = await lookAt(`${url}/api/v1/problems/missing`, certFile, signal);
    if (code === "missing") return findingOf(id, remarks.url, { url });
    return findingOf(id, remarks[code === "not-encrypted" ? "url-clear" : "url-other"], { url, status });
  } catch (error) {
    const problem = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return findingOf(id, remarks["url-silent"], { url, problem });
  }
}

/** Whether links by which lists are left lead here. */
export function unsubscribeFindings(settings: {
  readonly console: Pick<z.output<typeof consoleConfig>, "url">;
  readonly outbox: z.output<typeof linkedConfig>;
}): readonly Finding[] {
  const id = "console.unsubscribe";
  const { url } = settings.console;
  // RFC 8058 §3.1: HTTPS, or mails say nothing of it.
  if (url.startsWith("http:")) return [];
  const base = settings.outbox.circulars?.unsubscribe_base;
  if (base === undefined) return [findingOf(id, remarks["unsubscribe-none"], { url })];
  if (!isSameAddress(base, url)) return [findingOf(id, remarks["unsubscribe-elsewhere"], { url, other: base })];
  return [findingOf(id, remarks.unsubscribe, { url: `${url}/u` })];
}

/** As browsers take them: whatever the case of the host, with the usual port or without. */
function isSameAddress(one: string, other: string): boolean {
  const plain = (text: string): string => (URL.canParse(text) ? new URL(text).href : text).replace(/\/$/, "");
  return plain(one) === plain(other);
}

/** Whether links of attachments lead here, and what they lead to can be read from here. */
async function filesFindings({ settings }: Pick<Context, "settings">): Promise<readonly Finding[]> {
  const id = "console.files";
  const attachments = settings.outbox.circulars?.attachments;
  if (attachments === undefined) return [];
  const url = `${settings.console.url}${FILES_PATH}`;
  if (!isSameAddress(attachments.url, url))
    return [findingOf(id, remarks["files-elsewhere"], { url, other: attachments.url })];
  try {
    (await openObjects(attachments.store).get(makeObjectName()))?.octets.destroy();
    return [findingOf(id, remarks.files, { url })];
  } catch (error) {
    if (!(error instanceof ObjectsUnavailable)) throw error;
    return [findingOf(id, remarks["files-unreadable"], { problem: error.code })];
  }
}

const ANSWER_MS = 10_000;
const ANSWER_OCTETS = 10_000;

/** What is answered there, and the `code` in it. Our own certificate is believed: whether browsers believe it, they say. */
function lookAt(url: string, certFile: string | undefined, signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly status: number; readonly code: unknown }>();
  const ca = certFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(certFile, "utf8")] };
  const get = url.startsWith("https:") ? getByTls : getInClear;
  const asking = get(url, { ...ca, signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) }, (response) => {
    let text = "";
    response.on("data", (piece) => {
      text += String(piece);
      if (text.length > ANSWER_OCTETS) response.destroy();
    });
    response.on("close", () => resolve({ status: response.statusCode ?? 0, code: codeIn(text) }));
    response.on("error", () => {});
  });
  asking.on("error", reject);
  return promise;
}

function codeIn(text: string): unknown {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === "object" && said !== null && "code" in said ? said.code : null;
  } catch {
    return null;
  }
}

async function imapFinding({ settings }: Context): Promise<Finding> {
  const id = "console.imap";
  const { where, answers, code } = await lookAtImap(settings);
  return answers ? findingOf(id, remarks.imap, { where }) : findingOf(id, remarks["imap-silent"], { where, code });
}
