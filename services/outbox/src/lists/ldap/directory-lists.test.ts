import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ListFault } from "../list-fault.ts";
import type { DirectoryEntry, DirectorySearch } from "./directory.ts";
import { DirectoryLists } from "./directory-lists.ts";

const entry = (dn: string, values: Readonly<Record<string, readonly string[]>>): DirectoryEntry => ({
  dn,
  values: new Map(Object.entries(values)),
});
const person = (uid: string, mail: readonly string[] = [`${uid}@academie.example`]): DirectoryEntry =>
  entry(`uid=${uid},ou=people`, { objectclass: ["inetOrgPerson"], mail, displayname: [`N ${uid}`], givenname: [uid] });
const group = (cn: string, members: readonly string[], more: Readonly<Record<string, readonly string[]>> = {}) =>
  entry(`cn=${cn},ou=groups`, { objectclass: ["groupOfNames"], cn: [cn], member: members, ...more });

/** A directory that answers by base or by filter, and says what it was asked. */
function open(answers: Readonly<Record<string, readonly DirectoryEntry[]>>) {
  const asked: DirectorySearch[] = [];
  const lists = new DirectoryLists({
    directory: {
      search: async (_list, search) => {
        asked.push(search);
        return answers[search.scope === "base" ? search.base : search.filter] ?? [];
      },
      close: async () => {},
    },
    base: "dc=academie",
    people: {
      filter: "(objectClass=inetOrgPerson)",
      mail: "mail",
      name: "displayName",
      fields: { prenom: "givenName" },
    },
    kinds: {
      school: { base: "ou=people", people: "(rne={name})" },
      project: { group: "(&(objectClass=groupOfNames)(cn={name}))" },
    },
    most: 100,
  });
  return { lists, asked };
}

const byName = (name: string): string => `(&(objectClass=groupOfNames)(cn=${name}))`;

async function codeOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
    return "read";
  } catch (error) {
    assert.ok(error instanceof ListFault, String(error));
    return error.code;
  }
}

describe("lists of a directory", () => {
  it("are the people that a filter finds, their attributes as fields", async () => {
    const { lists, asked } = open({
      "(&(objectClass=inetOrgPerson)(rne=0380001A))": [
        person("anna"),
        person("bob", []),
        person("eve", ["e@x.example", "2@x.example"]),
      ],
    });
    const read = await lists.read("school:0380001A");
    assert.deepEqual(read.members, [
      { address: "anna@academie.example", name: "N anna", fields: { prenom: "anna" } },
      { address: "e@x.example", name: "N eve", fields: { prenom: "eve" } },
    ]);
    assert.deepEqual([read.noAddress, read.gone, read.nested], [1, 0, []]);
    assert.deepEqual([asked[0]?.base, asked[0]?.scope], ["ou=people", "sub"]);
  });

  it("cannot be made to mean others by their names", async () => {
    const { lists, asked } = open({});
    assert.equal(await codeOf(lists.read("school:*)(uid=*")), "unknown");
    assert.equal(asked[0]?.filter, "(&(objectClass=inetOrgPerson)(rne=\\2a\\29\\28uid\\3d\\2a))");
  });

  it("are the members of a group, groups in it, and whom its URLs find; what is gone is counted", async () => {
    const { lists } = open({
      [byName("eco")]: [
        group("eco", ["uid=anna,ou=people", "uid=gone,ou=people", "cn=inner,ou=groups"], {
          memberurl: ["ldap:///ou=people??sub?(title=proviseur)"],
        }),
      ],
      "uid=anna,ou=people": [person("anna")],
      "cn=inner,ou=groups": [group("inner", ["uid=bob,ou=people"])],
      "uid=bob,ou=people": [person("bob")],
      "(&(objectClass=inetOrgPerson)(title=proviseur))": [person("chef")],
    });
    const read = await lists.read("project:eco");
    assert.deepEqual(
      read.members.map(({ address }) => address),
      ["anna@academie.example", "chef@academie.example"],
    );
    assert.deepEqual([read.gone, read.nested], [1, ["dn:cn=inner,ou=groups"]]);
    const inner = await lists.read(read.nested[0] ?? "");
    assert.equal(inner.members[0]?.address, "bob@academie.example");
  });

  it("are whole where Active Directory gives them in parts", async () => {
    const names = ["a", "b", "c"];
    const parts = [{ "member;range=0-1": ["uid=a", "uid=b"] }, { "member;range=2-*": ["uid=c"] }];
    const [first, second] = parts.map((part) => entry("cn=big", { objectclass: ["group"], cn: ["big"], ...part }));
    assert.ok(first && second);
    const answers = {
      [byName("big")]: [first],
      "cn=big": [second],
      ...Object.fromEntries(names.map((name) => [`uid=${name}`, [person(name)]])),
    };
    const read = await open(answers).lists.read("project:big");
    assert.deepEqual(
      read.members.map(({ address }) => address),
      names.map((name) => `${name}@academie.example`),
    );
    assert.equal(await codeOf(open({ ...answers, "cn=big": [] }).lists.read("project:big")), "directory");
  });

  it("are named where they are groups", async () => {
    const { lists } = open({ [byName("*")]: [group("vert", [], { description: ["Le vert"] }), group("eco", [])] });
    assert.deepEqual(await lists.names(10), [
      { name: "project:eco", about: null },
      { name: "project:vert", about: "Le vert" },
    ]);
    assert.deepEqual(await lists.names(10, "school"), []);
  });

  for (const { name, source, answers, want } of [
    { name: "of a kind that is none", source: "club:x", answers: {}, want: "unknown" },
    { name: "that is not there", source: "project:x", answers: {}, want: "unknown" },
    {
      name: "that two groups are called",
      source: "project:x",
      answers: { [byName("x")]: [group("x", []), group("x", [])] },
      want: "ambiguous",
    },
    {
      name: "whose URL is none",
      source: "project:x",
      answers: { [byName("x")]: [group("x", [], { memberurl: ["http://x"] })] },
      want: "bad-url",
    },
    {
      name: "with too many members",
      source: "project:x",
      answers: {
        [byName("x")]: [
          group(
            "x",
            Array.from({ length: 101 }, (_, n) => `uid=${n}`),
          ),
        ],
      },
      want: "too-many",
    },
  ])
    it(`are refused: one ${name}`, async () => assert.equal(await codeOf(open(answers).lists.read(source)), want));
});
