import { type doorsSections, imapCheck } from "@tamis/doors";
import { certificateFinding, type DoctorContext, type Finding, findingOf, sectionNames } from "@tamis/kit";
import type { consoleConfig } from "./config.ts";
import { remarks } from "./doctor-texts.ts";

type Context = Pick<
  DoctorContext<typeof doorsSections & { readonly console: typeof consoleConfig }>,
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
    senders === 0
      ? findingOf("console.senders", remarks["no-senders"])
      : findingOf("console.senders", remarks[senders === "everybody" ? "everybody" : "senders"], { count: senders }),
    ...(isSending ? [] : [findingOf("console.outbox", remarks["no-outbox"])]),
    await imapFinding(context),
  ];
}

const ANSWER_MS = 10_000;

/** Whether the address that people are given leads to us: a page that nobody has to sign in for. */
async function addressFinding({ settings, signal }: Context): Promise<Finding> {
  const id = "console.url";
  const { url } = settings.console;
  try {
    const answer = await fetch(`${url}/api/v1/problems/missing`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      redirect: "manual",
    });
    const said: unknown = await answer.json().catch(() => null);
    const isOurs = typeof said === "object" && said !== null && "code" in said && said.code === "missing";
    if (isOurs) return findingOf(id, remarks.url, { url });
    const isClear = typeof said === "object" && said !== null && "code" in said && said.code === "not-encrypted";
    return findingOf(id, remarks[isClear ? "url-clear" : "url-other"], { url, status: answer.status });
  } catch (error) {
    return findingOf(id, remarks["url-silent"], { url, problem: problemOf(error) });
  }
}

function problemOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return error instanceof Error ? error.message : String(error);
}

async function imapFinding({ settings }: Context): Promise<Finding> {
  const id = "console.imap";
  const where = `${settings.imap.host}:${settings.imap.port}`;
  let code = "";
  const imap = imapCheck(settings.imap, {
    timeoutMs: settings.doors.timeout_ms,
    onTrouble: (trouble) => {
      code = trouble.code;
    },
  });
  return (await imap.probe())
    ? findingOf(id, remarks.imap, { where })
    : findingOf(id, remarks["imap-silent"], { where, code });
}
