import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { after, describe, it } from "node:test";
import { openSession } from "./open-session.ts";
import type { OutgoingMail } from "./outgoing-mail.ts";
import type { Route } from "./route.ts";
import { sendMail } from "./send-mail.ts";

/** What the server says to each command, by its first word; `cut` ends the connection. The final dot is `.`. */
type Script = Readonly<Record<string, string | readonly string[]>>;

const servers: ReturnType<typeof createServer>[] = [];
after(() => {
  for (const server of servers) server.close();
});

const GREETING = "220 here";
const EHLO = "250-here\r\n250-PIPELINING\r\n250 8BITMIME";

/** An SMTP server that follows a script, and what it was told. */
async function scripted(script: Script): Promise<{ readonly route: Route; readonly heard: readonly string[] }> {
  const heard: string[] = [];
  const asked = new Map<string, number>();
  const answer = (socket: Socket, word: string): void => {
    const given = script[word] ?? (word === "EHLO" ? EHLO : word === "DATA" ? "354 go" : "250 OK");
    const count = asked.get(word) ?? 0;
    asked.set(word, count + 1);
    const reply = typeof given === "string" ? given : (given[Math.min(count, given.length - 1)] ?? "250 OK");
    if (reply === "cut") socket.destroy();
    else if (reply !== "silence") socket.write(`${reply}\r\n`);
  };
  const server = createServer((socket) => {
    let rest = "";
    let isData = false;
    socket.on("error", () => {});
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      rest += chunk;
      for (let end = rest.indexOf("\r\n"); end !== -1 && !socket.destroyed; end = rest.indexOf("\r\n")) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (isData && line !== ".") continue;
        const word = isData ? "." : (line.split(/[ :]/)[0] ?? "");
        heard.push(isData ? "." : line);
        isData = false;
        answer(socket, word);
        isData = word === "DATA" && (script["DATA"] ?? "354").includes("354");
      }
    });
    socket.write(`${script["greeting"] ?? GREETING}\r\n`);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const route = {
    host: "127.0.0.1",
    port,
    tls: "none",
    name: "test",
    connectMs: 5_000,
    commandMs: 300,
    dataMs: 300,
  } as const;
  return { route, heard };
}

const mail = (more: Partial<OutgoingMail> = {}): OutgoingMail => ({
  envelopeId: "e",
  from: null,
  recipients: [
    { id: 1, address: "a@example.org" },
    { id: 2, address: "b@example.org" },
  ],
  octets: Buffer.from("Subject: x\r\n\r\nx\r\n"),
  dsn: null,
  deliverBy: null,
  ...more,
});

interface Case {
  readonly name: string;
  readonly script: Script;
  readonly mail?: Partial<OutgoingMail>;
  readonly fence?: boolean;
  /** State and code of each recipient. */
  readonly want: readonly string[];
  /** Recipients that were begun; none: the fence was never asked. */
  readonly fenced?: readonly number[];
  readonly isUsable?: boolean;
}

const both = (text: string): readonly string[] => [`1 ${text}`, `2 ${text}`];

const cases: readonly Case[] = [
  { name: "accepted", script: {}, want: both("accepted 250"), fenced: [1, 2] },
  { name: "without pipelining", script: { EHLO: "250 here" }, want: both("accepted 250"), fenced: [1, 2] },
  { name: "the sender refused for now", script: { MAIL: "451 4.7.1 later" }, want: both("deferred 451") },
  { name: "the sender refused", script: { MAIL: "550 5.7.1 no" }, want: both("rejected 550") },
  { name: "the relay wants a password", script: { MAIL: "530 5.7.0 sign in" }, want: both("deferred 530") },
  { name: "leaving", script: { MAIL: "421 4.3.2 bye" }, want: both("deferred 421"), isUsable: false },
  { name: "cut at MAIL", script: { MAIL: "cut" }, want: both("deferred 451"), isUsable: false },
  { name: "silence at MAIL", script: { MAIL: "silence" }, want: both("deferred 451"), isUsable: false },
  {
    name: "one recipient refused",
    script: { RCPT: ["550 5.1.1 unknown", "250 OK"] },
    want: ["1 rejected 550", "2 accepted 250"],
    fenced: [2],
  },
  {
    name: "all refused, each its way",
    script: { RCPT: ["452 4.2.2 full", "551 5.1.6 moved"] },
    want: ["1 deferred 452", "2 rejected 551"],
  },
  { name: "cut at RCPT", script: { RCPT: "cut" }, want: both("deferred 451"), isUsable: false },
  { name: "not ours any more", script: {}, fence: false, want: both("unfenced 451"), fenced: [1, 2] },
  { name: "DATA refused for now", script: { DATA: "451 4.3.0 later" }, want: both("deferred 451"), fenced: [1, 2] },
  { name: "DATA refused", script: { DATA: "554 5.0.0 no" }, want: both("rejected 554"), fenced: [1, 2] },
  { name: "cut at DATA", script: { DATA: "cut" }, want: both("deferred 451"), fenced: [1, 2], isUsable: false },
  { name: "the mail refused", script: { ".": "552 5.2.3 too long" }, want: both("rejected 552"), fenced: [1, 2] },
  { name: "the mail refused for now", script: { ".": "452 4.3.1 full" }, want: both("deferred 452"), fenced: [1, 2] },
  { name: "cut after the mail", script: { ".": "cut" }, want: both("unknown 451"), fenced: [1, 2], isUsable: false },
  {
    name: "silence after the mail",
    script: { ".": "silence" },
    want: both("unknown 451"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "nonsense after the mail",
    script: { ".": "what?" },
    want: both("unknown 451"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "8-bit octets without 8BITMIME",
    script: { EHLO: "250-here\r\n250 SIZE" },
    mail: { octets: Buffer.from("Subject: é\r\n\r\n") },
    want: both("rejected 554"),
  },
  {
    name: "an address that is not ASCII without SMTPUTF8",
    script: {},
    mail: { recipients: [{ id: 1, address: "rené@example.org" }] },
    want: ["1 rejected 553"],
  },
  { name: "longer than SIZE", script: { EHLO: "250-here\r\n250 SIZE 10" }, want: both("rejected 552") },
];

describe("a mail given to a relay", { timeout: 60_000 }, () => {
  for (const { name, script, want, fenced, fence = true, isUsable = true, ...one } of cases)
    it(name, async () => {
      const { route, heard } = await scripted(script);
      const session = await openSession(route);
      let begun: readonly number[] | undefined;
      const outcomes = await sendMail({ session, mail: mail(one.mail), now: 0 }, async (ids) => {
        begun = ids;
        assert.ok(!heard.includes("DATA"), "begun before DATA");
        return fence;
      });
      assert.deepEqual(outcomes.map(({ id, state, reply }) => `${id} ${state} ${reply.code}`).toSorted(), want);
      assert.deepEqual(begun, fenced);
      assert.equal(session.isUsable, isUsable);
      if (begun === undefined || !fence) assert.ok(!heard.includes("DATA"));
      session.close();
    });

  it("and another after one that was refused, on the same session", async () => {
    const { route, heard } = await scripted({ RCPT: ["550 no", "550 no", "250 OK"] });
    const session = await openSession(route);
    const fence = async (): Promise<boolean> => true;
    await sendMail({ session, mail: mail(), now: 0 }, fence);
    const outcomes = await sendMail({ session, mail: mail(), now: 0 }, fence);
    assert.deepEqual(
      outcomes.map(({ state }) => state),
      ["accepted", "accepted"],
    );
    assert.ok(heard.includes("RSET"));
    await session.quit();
  });
});

describe("a relay that cannot be used", { timeout: 60_000 }, () => {
  for (const { name, script, route: more, code } of [
    { name: "refuses us", script: { greeting: "554 5.7.1 not you" }, code: "greeting" },
    { name: "is not ready", script: { greeting: "421 4.3.2 later" }, code: "greeting" },
    { name: "knows no EHLO", script: { EHLO: "502 what" }, code: "ehlo" },
    { name: "goes away", script: { EHLO: "cut" }, code: "connect" },
    { name: "says nothing", script: { EHLO: "silence" }, code: "connect" },
    { name: "offers no STARTTLS", script: {}, route: { tls: "starttls" }, code: "starttls-missing" },
    {
      name: "speaks in the clear after STARTTLS",
      script: { EHLO: "250-here\r\n250 STARTTLS", STARTTLS: "220 go\r\n250 injected" },
      route: { tls: "starttls" },
      code: "tls",
    },
    { name: "offers no AUTH", script: {}, route: { auth: { user: "u", password: () => "p" } }, code: "auth-missing" },
    {
      name: "knows another password",
      script: { EHLO: "250-here\r\n250 AUTH PLAIN", AUTH: "535 5.7.8 no" },
      route: { auth: { user: "u", password: () => "p" } },
      code: "auth",
    },
    { name: "is not there", script: {}, route: { port: 1 }, code: "ECONNREFUSED" },
  ] as const satisfies readonly { name: string; script: Script; route?: Partial<Route>; code: string }[])
    it(name, async () => {
      const { route } = await scripted(script);
      await assert.rejects(openSession({ ...route, ...more }), { name: "RelayUnavailable", code });
    });
});
