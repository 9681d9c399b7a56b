import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { loadSettings } from "@tamis/kit";
import { storeSections } from "@tamis/store";
import { tempDir } from "@tamis/testkit";
import { outboxConfig } from "../config.ts";
import { receiptsFindings } from "./doctor.ts";
import { remarks } from "./doctor-texts.ts";

describe("what the doctor finds of the way that reports come back, before it tries it", () => {
  const dir = tempDir("tamis-tracking-doctor");
  after(() => dir.remove());
  const found = async (receipts: string, sections: string): Promise<readonly string[]> => {
    const file = join(dir.path, "tamis.yaml");
    writeFileSync(join(dir.path, "secret"), "x", { mode: 0o600 });
    const text = `state_dir: ./state
imap: { host: imap.example.org, sign_in: { method: master, user: tamis, password: { file: secret } } }
outbox: { relay: { host: smtp.example.org }${receipts} }
${sections}`;
    writeFileSync(file, text, { mode: 0o600 });
    const settings = loadSettings(file, { ...storeSections, outbox: outboxConfig });
    const findings = await receiptsFindings({ settings, bus: null, signal: new AbortController().signal });
    return findings.map(({ ok, text: { en } }) => `${ok} ${en}`);
  };
  const ADDRESS = ", receipts: { address: retours@example.org }";
  const accounts = (list: string): string => `receipts: {}\naccounts: { mode: act, list: [${list}] }\n`;
  const said = ({ en }: { readonly en: string }): string => `false ${en.replace("{address}", "retours@example.org")}`;

  for (const { name, receipts, sections, want } of [
    {
      name: "nothing where nothing is tracked",
      receipts: "",
      sections: accounts("{ address: a@example.org }"),
      want: [],
    },
    { name: "that nobody reads them", receipts: ADDRESS, sections: "", want: [said(remarks.unread)] },
    {
      name: "that nobody watches the address",
      receipts: ADDRESS,
      sections: accounts("{ address: a@example.org }"),
      want: [said(remarks.unwatched)],
    },
    {
      name: "that the address is only observed",
      receipts: ADDRESS,
      sections: accounts("{ address: Retours@example.org, mode: observe }"),
      want: [said(remarks.observed)],
    },
    {
      name: "nothing against it, and nothing more without NATS",
      receipts: ADDRESS,
      sections: accounts("{ address: retours@example.org }"),
      want: [],
    },
  ])
    it(name, async () => assert.deepEqual(await found(receipts, sections), want));
});
