/**
 * Measures runs per CPU second: `node libs/sieve/test/speed.ts`.
 * Generated mail of 2–61 KB, 44 % multipart; every message object is new, so nothing is cached between runs.
 */
import { readMessage } from "@tamis/message";
import { compile } from "../src/compile.ts";
import type { Facts } from "../src/facts.ts";
import { run } from "../src/interpreter.ts";
import type { Program } from "../src/program.ts";

const facts: Facts = { now: 1_700_000_000_000, timeZone: "Europe/Paris", envelope: { from: "a@example.org" } };
const words = "réunion du conseil pédagogique report budget notes planning facture salle élève urgent bulletin".split(
  " ",
);

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x7fff_ffff;
  };
}

function mail(index: number): Uint8Array {
  const next = random(index + 1);
  const word = (): string => words[Math.floor(next() * words.length)] ?? "";
  const line = (): string => Array.from({ length: 11 }, word).join(" ");
  const bytes = 2000 + next() ** 3 * 59_000;
  let text = "";
  while (text.length < bytes) text += `${line()}\r\n`;
  const head = [
    "Return-Path: <sender@example.org>",
    ...Array.from(
      { length: 4 },
      (_, hop) =>
        `Received: from mx${hop}.example.org (mx${hop} [192.0.2.${hop}])\r\n by relay.example.net with ESMTPS id ${index}; Mon, 6 Nov 2023 10:00:0${hop} +0100`,
    ),
    `Message-ID: <${index}.${Math.floor(next() * 1e9)}@example.org>`,
    "Date: Mon, 6 Nov 2023 10:00:00 +0100",
    `From: =?utf-8?q?Fran=C3=A7ois?= <user${Math.floor(next() * 5000)}@domain${Math.floor(next() * 300)}.example>`,
    "To: staff@example.org, Team <team@example.org>",
    `Subject: ${word()} =?utf-8?b?csOpdW5pb24=?= ${word()} ${index}`,
    `List-Id: <list${Math.floor(next() * 200)}.example.org>`,
    "MIME-Version: 1.0",
  ];
  if (next() < 0.44) {
    const html = `<html><body><p>${text.replaceAll("\r\n", "</p>\r\n<p>")}</p></body></html>`;
    head.push('Content-Type: multipart/alternative; boundary="b1"', "");
    const half = Math.floor(text.length / 2);
    const parts = [
      "--b1",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: 8bit",
      "",
      text.slice(0, half),
      "--b1",
      "Content-Type: text/html; charset=utf-8",
      "",
      html.slice(0, half),
      "--b1--",
      "",
    ];
    return Buffer.from([...head, ...parts].join("\r\n"));
  }
  head.push("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", text);
  return Buffer.from(head.join("\r\n"));
}

function headerRule(index: number): string {
  const kinds = [
    `header :contains "subject" "projet ${index}"`,
    `address :is "from" "user${index}@domain${index % 300}.example"`,
    `header :is "list-id" "<list${index + 190}.example.org>"`,
    `address :domain :is ["from", "sender"] "domain${index + 290}.example"`,
    `header :matches "subject" "*[ticket ${index}]*"`,
  ];
  return `# rule:[Rule ${index}]\nif ${kinds[index % kinds.length] ?? ""} { fileinto "Folder ${index % 20}"; stop; }\n`;
}

const bodyRules = ["confidentiel défense", "désabonnement immédiat", "cryptomonnaie gratuite"]
  .map((key) => `if body :text :contains "${key}" { fileinto "Body"; stop; }\n`)
  .join("");

function program(rules: number, more = ""): Program {
  const text = `require ["fileinto", "body"];\n${Array.from({ length: rules }, (_, i) => headerRule(i)).join("")}${more}`;
  const compiled = compile(text);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  return compiled.program;
}

/** User and system time of this process: other work on the machine does not count. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function measure(name: string, compiled: Program, mails: readonly Uint8Array[], seconds: number): void {
  const pass = (): void => {
    for (const raw of mails) {
      const outcome = run(compiled, readMessage(raw), facts);
      if (outcome.kind !== "done" || outcome.error !== undefined) throw new Error(JSON.stringify(outcome));
    }
  };
  pass();
  const start = cpuSeconds();
  let passes = 0;
  do {
    pass();
    passes++;
  } while (cpuSeconds() - start < seconds);
  const perSecond = Math.round((passes * mails.length) / (cpuSeconds() - start));
  console.log(`${name}: ${perSecond} mails per CPU second`);
}

function measureCompile(rules: number): void {
  const text = `require ["fileinto", "body"];\n${Array.from({ length: rules }, (_, i) => headerRule(i)).join("")}`;
  const times = Array.from({ length: 21 }, () => {
    const start = cpuSeconds();
    compile(text);
    return (cpuSeconds() - start) * 1000;
  });
  const [cold = 0, ...warm] = times;
  const median = warm.sort((left, right) => left - right)[10] ?? 0;
  console.log(`compile ${rules} rules: cold ${cold.toFixed(1)} ms, median of 20 warm ${median.toFixed(1)} ms`);
}

/** Names on the command line choose what is measured; none: all. */
const wants = (name: string): boolean => process.argv.length < 3 || process.argv.slice(2).includes(name);

const mails = Array.from({ length: 1000 }, (_, index) => mail(index));
const octets = mails.reduce((sum, raw) => sum + raw.length, 0);
console.log(`${mails.length} mails, mean ${Math.round(octets / mails.length)} octets`);
if (wants("10 header rules")) measure("10 header rules", program(10), mails, 2);
if (wants("30 header rules")) measure("30 header rules", program(30), mails, 2);
if (wants("300 header rules")) measure("300 header rules", program(300), mails, 2);
if (wants("1000 header rules")) measure("1000 header rules", program(1000), mails, 2);
if (wants("3 body rules")) measure("3 body rules", program(0, bodyRules), mails, 2);
if (wants("30 header rules and 3 body rules"))
  measure("30 header rules and 3 body rules", program(30, bodyRules), mails, 2);
if (wants("compile")) measureCompile(1000);
