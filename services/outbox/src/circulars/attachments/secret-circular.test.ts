import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeCircularDraft, type Sealing } from "@tamis/contracts";
import { readMessage, walk } from "@tamis/message";
import { selfSignedCertificate } from "@tamis/testkit";
import type { TokenKeys } from "@tamis/tokens";
import fc from "fast-check";
import { type ComposeOptions, composeCircular, type SealedMail, type Withheld } from "../composed-circular.ts";
import { type Certificates, CertificatesUnavailable } from "./certificates.ts";
import { DraftDesk } from "./draft-desk.ts";
import { encodeKeptDraft } from "./kept-draft.ts";
import { secretCircular } from "./secret-circular.ts";

const NOW = new Date();
const certificate = Buffer.from(selfSignedCertificate(NOW).cert);
const keys: TokenKeys = { current: { id: "aa", secret: Buffer.alloc(32, 1) }, old: [] };
const known: Certificates = {
  find: async (addresses) =>
    new Map(addresses.map((address) => [address, address.startsWith("known") ? [certificate] : []])),
};
const options: ComposeOptions = {
  dkim: null,
  messageIdOf: (number) => `<${number}@academie.example>`,
  unsubscribeKeys: { current: { id: "k1", secret: Buffer.alloc(32) }, old: [] },
  unsubscribeBase: null,
  tracking: null,
  linkKeys: () => keys,
  certificates: known,
  archives: true,
  cipher: "aes-256-gcm",
  language: "fr",
  now: () => NOW,
};

interface Given {
  readonly octets: Uint8Array;
  readonly filename?: string;
  readonly archives?: boolean;
  readonly tracked?: boolean;
  readonly linkAbove?: number;
  readonly secret?: boolean;
}

/** A circular with one secret, as the ledger would give it, and whatever was put into the store for it. */
async function circularOf(given: Given, more: Partial<ComposeOptions> = {}) {
  const { octets, filename = "paie.pdf", archives = true, tracked = true, linkAbove = 1e9, secret = true } = given;
  const stored: Uint8Array[] = [];
  const store = { kind: "folder", dir: "/nowhere" } as const;
  const settings = { link_above_bytes: linkAbove, url: "https://files.example.org", expire_days: 30, store };
  const desk = new DraftDesk({
    links: {
      settings,
      objects: { put: async (_, put) => void stored.push(put), get: async () => null, delete: async () => {} },
    },
    files: { announce: async () => {} },
    sensitive: [],
    archives,
    language: "fr",
    now: () => NOW,
  });
  const attachments = [{ filename, type: "application/pdf", secret }];
  const from = { address: "rh@academie.example" };
  const head = { v: 1, from, subject: "Paie", text: "Bonjour", html: "<p>Bonjour</p>", attachments, tracked } as const;
  const taken = await desk.take({ head, attachments: [octets] }, []);
  await taken.store();
  const composed = composeCircular(encodeKeptDraft(taken.draft), 7, { ...options, ...more });
  assert.ok("mailFor" in composed, JSON.stringify(composed));
  return { composed, stored, password: taken.password ?? "" };
}

const reader = (address: string, id = 1_000_000_001) => ({ id, address, name: null, fields: {}, messageId: null });

/** Whether these octets stand anywhere in a mail: as they are, in a part, or in a base64 that begins anywhere. */
function contains(mail: Uint8Array, secret: Uint8Array): boolean {
  const unfolded = Buffer.from(mail).toString("latin1").replaceAll("\r\n", "");
  const parts = [...walk(readMessage(mail).root)].map((part) => Buffer.from(part.bytes()));
  const encoded = [0, 1, 2].map((from) => {
    const length = secret.length - from - ((secret.length - from) % 3);
    return Buffer.from(secret.subarray(from, from + length)).toString("base64");
  });
  return (
    [Buffer.from(mail), ...parts].some((octets) => octets.includes(Buffer.from(secret))) ||
    encoded.some((text) => unfolded.includes(text))
  );
}

describe("a circular with secrets", () => {
  it("has them in the clear in no mail and in no object, whoever it is for", async () => {
    const given = fc.record({
      octets: fc.uint8Array({ minLength: 24, maxLength: 3_000 }),
      filename: fc
        .string({ unit: fc.constantFrom(..."abc é.-{}"), minLength: 1, maxLength: 20 })
        .filter((name) => !/^\.{1,2}$/.test(name)),
      archives: fc.boolean(),
      tracked: fc.boolean(),
      linkAbove: fc.constantFrom(0, 1_000, 1e9),
    });
    const ciphers = fc.constantFrom("aes-256-gcm" as const, "aes-256-cbc" as const);
    await fc.assert(
      fc.asyncProperty(given, ciphers, async (one, cipher) => {
        const { composed, stored, password } = await circularOf(one, { cipher });
        for (const octets of stored) assert.ok(!Buffer.from(octets).includes(Buffer.from(one.octets)));
        for (const address of ["known@academie.example", "unknown@academie.example"]) {
          const made: SealedMail | Withheld = await composed.mailFor([reader(address)], NOW);
          if ("withheld" in made) assert.equal(one.archives, false);
          else {
            assert.ok(!contains(made.octets, one.octets), "in the clear");
            assert.ok(password === "" || !contains(made.octets, Buffer.from(password)), "with its password");
          }
        }
      }),
      { numRuns: 60 },
    );
    // What would be found is found: the same file, not secret.
    const octets = Buffer.from("a secret that everybody can read");
    const open = encodeCircularDraft({
      head: {
        v: 1,
        from: { address: "rh@academie.example" },
        subject: "x",
        text: "x",
        attachments: [{ filename: "a.pdf", type: "application/pdf" }],
        tracked: true,
      },
      attachments: [octets],
    });
    const composed = composeCircular(open, 7, options);
    assert.ok("mailFor" in composed);
    const mail = await composed.mailFor([reader("a@b.example")], NOW);
    assert.ok("octets" in mail && contains(mail.octets, octets));
  });

  const octets = Buffer.from("%PDF-1.4 secret");
  const sealing = (made: SealedMail | Withheld): Sealing | undefined => made.sealing;

  it("goes by S/MIME to who has a certificate, whole, and says who has it to nobody else", async () => {
    const { composed } = await circularOf({ octets, tracked: false });
    assert.equal(composed.perMail, 1);
    const made = await composed.mailFor([reader("known@academie.example")], NOW);
    assert.ok("octets" in made);
    assert.deepEqual(sealing(made), { by: "smime" });
    const message = readMessage(made.octets);
    assert.deepEqual(
      [...walk(message.root)].map(({ type }) => type),
      ["application/pkcs7-mime"],
    );
    assert.equal(message.headers("subject")[0]?.text(), "Paie");
    assert.equal(message.headers("to")[0]?.text(), "known@academie.example");
    assert.ok(!Buffer.from(made.octets).toString().includes("Bonjour"));
  });

  it("goes as an archive to the others, with the reason in its report", async () => {
    const { composed } = await circularOf({ octets });
    const made = await composed.mailFor([reader("other@academie.example")], NOW);
    assert.ok("octets" in made);
    assert.deepEqual(sealing(made), { by: "archive", certificate: "none" });
    const parts = [...walk(readMessage(made.octets).root)];
    assert.deepEqual(
      parts.flatMap(({ filename }) => filename ?? []),
      ["pieces-jointes.zip"],
    );
    assert.match(
      parts.find(({ type }) => type === "text/plain")?.text() ?? "",
      /pieces-jointes\.zip est une archive chiffrée/,
    );
    const later = new Date(NOW.getTime() + 400 * 86_400_000);
    const expired = await composed.mailFor([reader("known@academie.example")], later);
    assert.deepEqual(sealing(expired), { by: "archive", certificate: "expired" });
  });

  it("is held where neither can be, and waits while it cannot be known", async () => {
    const { composed } = await circularOf({ octets, archives: false });
    const made = await composed.mailFor([reader("other@academie.example")], NOW);
    assert.ok("withheld" in made && made.withheld === "held");
    assert.deepEqual(made.sealing, { by: "nothing", certificate: "none" });
    const forbidden = await circularOf({ octets }, { archives: false });
    assert.ok("withheld" in (await forbidden.composed.mailFor([reader("other@academie.example")], NOW)));
    const certificates = { find: () => Promise.reject(new CertificatesUnavailable("EIO")) };
    for (const archives of [true, false]) {
      const away = await circularOf({ octets, archives }, { certificates });
      const waits = await away.composed.mailFor([reader("known@academie.example")], NOW);
      assert.ok("withheld" in waits && waits.withheld === "later");
      await assert.rejects(
        away.composed.foresee?.(["known@academie.example"], NOW) ?? Promise.resolve(),
        CertificatesUnavailable,
      );
    }
  });

  it("goes as an archive, or not, where nothing can be sealed to the certificate after all", async () => {
    const { composed } = await circularOf({ octets, archives: true });
    const broken = { perMail: 1, octets: 0, mailFor: () => assert.fail("no program can use this key") };
    const mail = await composed.mailFor([reader("other@academie.example")], NOW);
    assert.ok("octets" in mail);
    const archived = { perMail: 1, octets: 0, mailFor: () => mail };
    for (const [form, by] of [
      [archived, "archive"],
      [null, "nothing"],
    ] as const) {
      const secret = secretCircular({ ...options, whole: broken, archived: form });
      const made: SealedMail | Withheld = await secret.mailFor([reader("known@academie.example")], NOW);
      assert.deepEqual(made.sealing, { by, certificate: "unreadable" });
      assert.equal("withheld" in made, form === null);
    }
  });

  it("says beforehand how many get it how", async () => {
    const addresses = [
      "known-1@a.example",
      "other-1@a.example",
      "known-2@a.example",
      "other-2@a.example",
      "known-3@a.example",
    ];
    const foreseen = async (archives: boolean) =>
      (await circularOf({ octets, archives })).composed.foresee?.(addresses, NOW);
    assert.deepEqual(await foreseen(true), { smime: 3, archive: 2, nothing: 0 });
    assert.deepEqual(await foreseen(false), { smime: 3, archive: 0, nothing: 2 });
  });

  it("is one mail for one reader: two are refused", async () => {
    const { composed } = await circularOf({ octets });
    await assert.rejects(async () => composed.mailFor([reader("a@b.example"), reader("c@b.example")], NOW), RangeError);
  });
});

describe("a circular with links", () => {
  const octets = Buffer.alloc(5_000, "large");

  it("has a link of each reader's own where they are followed, and may still be filled in", async () => {
    const { composed, stored } = await circularOf({ octets, secret: false, linkAbove: 100 });
    assert.deepEqual(stored, [octets]);
    const urls = await Promise.all(
      [1, 2].map(async (id) => {
        const made = await composed.mailFor([reader("a@b.example", id)], NOW);
        assert.ok("octets" in made && !contains(made.octets, octets));
        const text = [...walk(readMessage(made.octets).root)].map((part) => part.text()).join("\n");
        const found = text.match(/https:\/\/files\.example\.org\/[^"\s]*/g) ?? [];
        assert.equal(new Set(found).size, 1, found.join());
        return found[0];
      }),
    );
    assert.notEqual(urls[0], urls[1]);
  });

  it("is one mail for many where nobody is followed", async () => {
    const { composed } = await circularOf({ octets, secret: false, linkAbove: 100, tracked: false });
    assert.equal(composed.perMail, 100);
    const made = await composed.mailFor([reader("a@b.example", 1), reader("c@b.example", 2)], NOW);
    assert.match("octets" in made ? Buffer.from(made.octets).toString() : "", /files\.example\.org/);
  });
});
