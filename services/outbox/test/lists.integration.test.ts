import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { loadSettings } from "@tamis/kit";
import { type SlapdServer, selfSignedCertificate, startSlapd, tempDir } from "@tamis/testkit";
import { CertificatesUnavailable } from "../src/circulars/attachments/certificates.ts";
import { type ListsSettings, listsConfig } from "../src/lists/config.ts";
import { listFindings } from "../src/lists/doctor-lists.ts";
import { directoryCertificates } from "../src/lists/ldap/directory-certificates.ts";
import { directoryIdentities, IdentitiesUnavailable } from "../src/lists/ldap/directory-identities.ts";
import { ListFault } from "../src/lists/list-fault.ts";
import { openLists } from "../src/lists/open-lists.ts";

const SUFFIX = "dc=academie,dc=example";
const PEOPLE = `ou=people,${SUFFIX}`;
const GROUPS = `ou=groups,${SUFFIX}`;
/** More than the directory gives at once. */
const STAFF = 1_500;

const person = (n: number): string => `dn: uid=agent${n},${PEOPLE}
objectClass: inetOrgPerson
uid: agent${n}
cn: Agent ${n}
sn: Nom ${n}
givenName: Prénom ${n}
displayName: Agent ${n}
departmentNumber: ${n < STAFF ? "0380001A" : "0380002B"}
businessCategory: ${n % 10 === 0 ? "maths" : "autre"}
mail: agent${n}@academie.example
`;

const group = (cn: string, members: readonly string[], more = ""): string => `dn: cn=${cn},${GROUPS}
objectClass: groupOfNames
cn: ${cn}
${more}${members.map((dn) => `member: ${dn}`).join("\n")}
`;

const SEALED = new X509Certificate(selfSignedCertificate(new Date()).cert).raw;
const sealed = (uid: string, mail: string): string => `${person(STAFF + 9)
  .replaceAll(/agent\d+@academie.example/g, mail)
  .replaceAll(/agent\d+/g, uid)}userCertificate;binary:: ${SEALED.toString("base64")}
`;

/** A school of ours: 1,500 people in one establishment, groups in groups, one of them in itself. */
const LDIF = [
  `dn: ${PEOPLE}\nobjectClass: organizationalUnit\nou: people\n`,
  `dn: ${GROUPS}\nobjectClass: organizationalUnit\nou: groups\n`,
  ...Array.from({ length: STAFF + 5 }, (_, n) => person(n)),
  sealed("infirmerie", "infirmerie@academie.example"),
  `dn: uid=muet,${PEOPLE}\nobjectClass: inetOrgPerson\nuid: muet\ncn: Muet\nsn: Muet\ndepartmentNumber: 0380002B\n`,
  `dn: uid=double,${PEOPLE}\nobjectClass: inetOrgPerson\nuid: double\ncn: Double\nsn: Double\nmail: double@academie.example\nmail: d.ouble@academie.example\n`,
  group("eco", [`uid=agent1,${PEOPLE}`, `cn=eco-bureau,${GROUPS}`, `uid=parti,${PEOPLE}`], "description: Projet éco\n"),
  group("eco-bureau", [`uid=agent2,${PEOPLE}`, `uid=muet,${PEOPLE}`, `cn=eco,${GROUPS}`]),
  group(
    "tous",
    Array.from({ length: 600 }, (_, n) => `uid=agent${n},${PEOPLE}`),
  ),
  `dn: cn=maths,${GROUPS}\nobjectClass: groupOfURLs\ncn: maths\nmemberURL: ldap:///${PEOPLE}??one?(businessCategory=maths)\n`,
].join("\n");

describe("lists of recipients", { timeout: 120_000 }, () => {
  const dir = tempDir("tamis-lists");
  let slapd: SlapdServer;
  before(async () => {
    slapd = await startSlapd({ ldif: LDIF });
    writeFileSync(join(dir.path, "ca.pem"), slapd.certificate);
    mkdirSync(join(dir.path, "lists"));
    writeFileSync(
      join(dir.path, "lists/rentree.csv"),
      "courriel,prenom\nAGENT1@academie.example,Un\n@include project:eco,\nhors@example.org,Hors\n",
    );
    writeFileSync(join(dir.path, "lists/perdue.txt"), "agent1@academie.example\n@include project:jamais\n");
  });
  after(async () => {
    await slapd.stop();
    dir.remove();
  });

  const settingsOf = (url = slapd.url, more = "starttls: false", password = slapd.readerPassword): ListsSettings => {
    const file = join(dir.path, "tamis.yaml");
    writeFileSync(
      file,
      `lists:
  folder: ./lists
  ldap:
    url: ${url}
    ${more}
    bind_dn: ${slapd.readerDn}
    password: "${password}"
    base: ${SUFFIX}
    people: { base: "${PEOPLE}", fields: { prenom: givenName, nom: sn } }
    kinds:
      school: { people: "(departmentNumber={name})" }
      disciplinary: { group: "(&(objectClass=groupOfURLs)(cn={name}))" }
      project: { base: "${GROUPS}", group: "(&(objectClass=groupOfNames)(cn={name}))" }
`,
      { mode: 0o600 },
    );
    return loadSettings(file, { lists: listsConfig }).lists;
  };
  const resolve = (sources: readonly string[], settings = settingsOf()) => openLists(settings).resolve(sources);
  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
      return "read";
    } catch (error) {
      assert.ok(error instanceof ListFault, String(error));
      return error.code;
    }
  };

  it("has everybody of a school, page by page, with their fields", async () => {
    const [school] = await resolve(["school:0380001A"]);
    assert.equal(school?.members.length, STAFF);
    const one = school?.members.find(({ address }) => address === "agent7@academie.example");
    assert.deepEqual(one, {
      address: "agent7@academie.example",
      name: "Agent 7",
      fields: { prenom: "Prénom 7", nom: "Nom 7" },
    });
  });

  it("has groups in groups, tells the circle, who is gone and who has no address", async () => {
    const [project] = await resolve(["project:eco"]);
    assert.deepEqual(
      project?.members.map(({ address }) => address),
      ["agent1@academie.example", "agent2@academie.example"],
    );
    assert.deepEqual(
      project?.notes.map((note) => (note.kind === "cycle" ? note.path.length : `${note.kind} ${note.count}`)),
      [3, "gone 1", "no-address 1"],
    );
    assert.equal((await resolve(["project:tous"]))[0]?.members.length, 600);
  });

  it("has whom a URL finds, and files that hold lists of the directory", async () => {
    const [maths] = await resolve(["disciplinary:maths"]);
    assert.equal(maths?.members.length, 151);
    const [mixed] = await resolve(["list:rentree"]);
    assert.deepEqual(
      mixed?.members.map(({ address, fields }) => `${address} ${fields["prenom"]}`),
      ["AGENT1@academie.example Un", "hors@example.org Hors", "agent2@academie.example Prénom 2"],
    );
  });

  it("names its groups and files", async () => {
    const names = await openLists(settingsOf()).names(100);
    assert.deepEqual(
      names.map(({ name, about }) => `${name}${about === null ? "" : ` (${about})`}`),
      [
        "list:perdue",
        "list:rentree",
        "disciplinary:maths",
        "project:eco (Projet éco)",
        "project:eco-bureau",
        "project:tous",
      ],
    );
    const findings = await listFindings(settingsOf());
    assert.deepEqual(
      findings.map(({ ok }) => ok),
      [true],
    );
  });

  it("is asked in TLS, from the start or from then on, and by nobody who does not know its certificate", async () => {
    const ca = `ca_file: ${join(dir.path, "ca.pem")}`;
    const secure = settingsOf(slapd.secureUrl, ca);
    assert.equal((await resolve(["project:eco"], secure))[0]?.members.length, 2);
    const upgraded = settingsOf(slapd.url.replace("127.0.0.1", "localhost"), ca);
    assert.equal((await resolve(["project:eco"], upgraded))[0]?.members.length, 2);
    assert.equal(await codeOf(resolve(["project:eco"], settingsOf(slapd.secureUrl, "timeout_ms: 5000"))), "away");
  });

  for (const { name, sources, want } of [
    {
      name: "a list that vanished, though others are there",
      sources: ["project:eco", "project:jamais"],
      want: "unknown",
    },
    { name: "one that names it", sources: ["list:perdue"], want: "unknown" },
    { name: "a school that nobody is in", sources: ["school:0389999Z"], want: "unknown" },
    { name: "a name that would be a filter", sources: ["school:*)(uid=*"], want: "unknown" },
    { name: "a star", sources: ["project:*"], want: "unknown" },
    { name: "a kind that is none", sources: ["club:eco"], want: "unknown" },
    { name: "what names no list", sources: ["eco"], want: "unnamed" },
  ])
    it(`refuses ${name}`, async () => assert.equal(await codeOf(resolve(sources)), want));

  it("knows certificates by address, and no others", async () => {
    const { ldap = assert.fail() } = settingsOf();
    assert.equal(directoryCertificates(ldap), null);
    const people = { ...ldap.people, certificate: "userCertificate;binary" };
    const certificates = directoryCertificates({ ...ldap, people }) ?? assert.fail();
    const asked = ["Infirmerie@academie.example", "agent1@academie.example", "nobody@academie.example)(mail=*"];
    const found = await certificates.find(asked);
    assert.deepEqual(
      asked.map((address) => found.get(address)?.map((octets) => Buffer.from(octets).equals(SEALED))),
      [[true], [], []],
    );
    await slapd.restart();
    assert.equal((await certificates.find(asked.slice(0, 1))).size, 1);
    await slapd.kill();
    await assert.rejects(certificates.find(asked), CertificatesUnavailable);
    await slapd.restart();
    assert.equal((await certificates.find(asked)).get(asked[0] ?? "")?.length, 1);
    await certificates.close();
  });

  it("knows what else people may write as, where it is told in which attribute", async () => {
    const { ldap = assert.fail() } = settingsOf();
    assert.equal(directoryIdentities(ldap), null);
    const known = directoryIdentities({ ...ldap, people: { ...ldap.people, identities: "mail" } }) ?? assert.fail();
    const both = ["double@academie.example", "d.ouble@academie.example"];
    for (const [address, want] of [
      ["Double@academie.example", both],
      ["agent1@academie.example", ["agent1@academie.example"]],
      ["*)(mail=*", []],
    ] as const)
      assert.deepEqual((await known.find(address)).toSorted(), want.toSorted());
    await slapd.restart();
    assert.equal((await known.find(both[0] ?? "")).length, 2);
    await slapd.kill();
    await assert.rejects(known.find(both[0] ?? ""), IdentitiesUnavailable);
    await slapd.restart();
    assert.equal((await known.find(both[1] ?? "")).length, 2);
    await known.close();
  });

  it("says that the directory refuses the password, or is away, and that it is back", async () => {
    assert.equal(await codeOf(resolve(["project:eco"], settingsOf(slapd.url, "starttls: false", "wrong"))), "sign-in");
    const settings = settingsOf(slapd.url, "starttls: false\n    timeout_ms: 500");
    await slapd.pause();
    assert.equal(await codeOf(resolve(["project:eco"], settings)), "away");
    const patient = settingsOf(slapd.url, "starttls: false\n    timeout_ms: 100000");
    assert.equal(await codeOf(openLists(patient, 100).resolve(["project:eco"])), "away");
    await slapd.resume();
    await slapd.kill();
    assert.equal(await codeOf(resolve(["project:eco"], settings)), "away");
    const [finding] = await listFindings(settings);
    assert.equal(finding?.ok, false);
    await slapd.restart();
    assert.equal((await resolve(["project:eco"], settings))[0]?.members.length, 2);
  });
});
