import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, describe, it } from "node:test";
import { nodeFlags } from "../../libs/kit/src/node-flags.ts";

const root = resolve(import.meta.dirname, "../..");
const documents = ["*.md", "docs/**/*.md", "deploy/*.md", "{libs,services}/*/README.md"].flatMap((pattern) =>
  globSync(pattern, { cwd: root }),
);
const LINK = /\]\(([^)#\s]+)(?:#[^)]*)?\)/g;

describe("what the documents link to exists", () => {
  for (const document of documents) {
    it(document, () => {
      const text = readFileSync(join(root, document), "utf8").replace(/```[\s\S]*?```/g, "");
      const targets = Array.from(text.matchAll(LINK), ([, target = ""]) => target).filter((t) => !/^[a-z]+:/.test(t));
      const missing = targets.filter((target) => !existsSync(resolve(root, dirname(document), target)));
      assert.deepEqual(missing, []);
    });
  }
});

describe("the tamis.yaml of each README is valid", () => {
  const folder = mkdtempSync(join(tmpdir(), "tamis-docs-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["master-password", "mot-de-passe-maitre"])
    writeFileSync(join(folder, name), "x\n", { mode: 0o600 });

  for (const document of ["README.md", "README.fr.md"]) {
    for (const service of ["mailbox", "filter", "sorter"]) {
      it(`${document} for ${service}`, () => {
        const block = readFileSync(join(root, document), "utf8").match(/```yaml\n([\s\S]*?)```/)?.[1] ?? "";
        const file = join(folder, `${document}.yaml`);
        writeFileSync(file, block, { mode: 0o600 });
        const args = [join(root, `services/${service}/src/main.ts`), "--config", file, "--check-config"];
        const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
        assert.equal(stderr, "");
        assert.equal(status, 0);
      });
    }
  }
});

describe("compose.yaml runs each service with the flags that tamis up gives it", () => {
  const compose = readFileSync(join(root, "deploy/compose.yaml"), "utf8");
  const commands = [...compose.matchAll(/"node",\s*((?:"--[^"]+",\s*)*)"services\/(\w+)\/src\/main\.ts"/g)];
  it("all of them", () => assert.ok(commands.length >= 6, String(commands.length)));
  for (const [, flags = "", service = ""] of commands) {
    it(service, () => {
      const given = [...flags.matchAll(/"([^"]+)"/g)].map(([, flag]) => flag);
      assert.deepEqual(given, nodeFlags(service));
    });
  }
});
