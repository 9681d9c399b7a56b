import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { tempDir } from "@tamis/testkit";
import { configuredProcesses, configuredPrograms, isConfigured } from "./services.ts";

describe("the services of an installation", () => {
  const dir = tempDir("tamis-services");
  after(() => dir.remove());
  const config = (text: string): string => {
    const path = join(dir.path, "tamis.yaml");
    writeFileSync(path, text);
    return path;
  };
  const names = (path: string) => configuredPrograms(path).map(({ name }) => name);

  it("leave ManageSieve, HTTP and what leaves by SMTP out where they have no section", () => {
    const found = names(config("filter: {}\n"));
    for (const name of ["scripts", "outbox", "console"]) assert.ok(!found.includes(name), name);
    assert.ok(names(config("filter: {}\n")).includes("mailbox"));
  });
  it("sort in one process", () => {
    const found = configuredProcesses(config("outbox: { relay: { host: a } }\n")).map(({ name }) => name);
    assert.deepEqual(found, ["sorter", "outbox"]);
  });
  it("run it where it has one", () => {
    assert.ok(names(config("scripts: { cert_file: a }\n")).includes("scripts"));
    assert.equal(isConfigured("scripts", config("scripts:\n")), true);
    assert.ok(names(config("outbox: { relay: { host: a } }\n")).includes("outbox"));
    assert.ok(names(config("console: { url: http://127.0.0.1:8080 }\n")).includes("console"));
  });
  it("are all asked about a configuration that cannot be read", () => {
    assert.ok(names(config("{")).includes("scripts"));
    assert.ok(names(join(dir.path, "none.yaml")).includes("scripts"));
    assert.equal(isConfigured("scripts", join(dir.path, "none.yaml")), false);
  });
});
