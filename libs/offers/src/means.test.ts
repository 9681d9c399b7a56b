import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ConfigFault } from "@tamis/kit";
import { tempDir } from "@tamis/testkit";
import { type Means, readMeans } from "./means.ts";

const nothing: Means = {
  sends: false,
  knowsSender: false,
  verdict: false,
  virusVerdict: false,
  authenticates: false,
  lists: [],
  globalScripts: null,
  programs: null,
  imapEvents: null,
};

describe("readMeans", () => {
  const dir = tempDir("tamis-means");
  after(() => dir.remove());
  const means = (yaml: string): Means => {
    const file = join(dir.path, "tamis.yaml");
    writeFileSync(file, yaml);
    return readMeans(file);
  };

  const cases: readonly { readonly name: string; readonly yaml: string; readonly want: Partial<Means> }[] = [
    { name: "an empty file", yaml: "", want: {} },
    { name: "a filter that says nothing of it", yaml: "filter: { language: fr }", want: {} },
    { name: "outbox", yaml: "outbox: { route: { host: relay.example.org } }", want: { sends: true } },
    { name: "an outbox with its defaults", yaml: "outbox:", want: { sends: true } },
    {
      name: "a declared Return-Path",
      yaml: "filter: { envelope: { from: return-path } }",
      want: { knowsSender: true },
    },
    { name: "an envelope without a sender", yaml: "filter: { envelope: { from: none, to: X-To } }", want: {} },
    { name: "a verdict", yaml: "filter: { verdict: { header: X-Spam-Score } }", want: { verdict: true } },
    {
      name: "a verdict on viruses too",
      yaml: "filter: { verdict: { header: X-Spam-Score, virus: { header: X-Virus } } }",
      want: { verdict: true, virusVerdict: true },
    },
    { name: "a verdict that is switched off", yaml: "filter: { verdict: false }", want: {} },
    {
      name: "a server that checks",
      yaml: "filter: { authentication: { authserv_ids: [mx.example.org] } }",
      want: { authenticates: true },
    },
    {
      name: "external lists, by the names that scripts see",
      yaml: 'filter: { lists: [{ name: ":AddrBook:Default" }, { name: "tag:a,2026:b" }, { name: none }, 5] }',
      want: { lists: [":addrbook:default", "tag:a,2026:b"] },
    },
    { name: "programs for all", yaml: "programs: { accounts: all }", want: { programs: "all" } },
    {
      name: "programs for some",
      yaml: "programs: { accounts: [Anna@ac.test, 5] }",
      want: { programs: new Set(["anna@ac.test"]) },
    },
    {
      name: "folders watched for owners' scripts",
      yaml: "imapsieve: { folders: [{ folder: Junk, script: a.sieve }, { folder: A, owner_script: a }] }",
      want: { imapEvents: "all" },
    },
    {
      name: "folders watched for some owners' scripts",
      yaml: "imapsieve: { folders: [{ folder: A, metadata: true, accounts: [Anna@ac.test] }] }",
      want: { imapEvents: new Set(["anna@ac.test"]) },
    },
    {
      name: "folders watched for the organisation",
      yaml: "imapsieve: { folders: [{ folder: A, script: a }] }",
      want: {},
    },
    { name: "programs for nobody", yaml: "programs: { folder: p }", want: {} },
    { name: "sections that their owners will complain about", yaml: "filter: 5", want: {} },
    { name: "the same inside", yaml: "filter: { envelope: [from], verdict: }", want: {} },
  ];
  for (const { name, yaml, want } of cases) it(name, () => assert.deepEqual(means(yaml), { ...nothing, ...want }));

  it("finds the folder of the global scripts beside the file", () => {
    const { globalScripts } = means("filter: { organisation: { global_scripts: ./common } }");
    assert.equal(globalScripts, join(dir.path, "common"));
  });

  it("throws what is wrong with the file itself", () => {
    assert.throws(() => means("filter: {"), ConfigFault);
  });
});
