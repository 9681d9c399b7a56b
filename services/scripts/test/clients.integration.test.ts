import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { debianTools, guardProcess } from "@tamis/testkit";
import { tlsRelay } from "./tls-relay.ts";
import { World } from "./world.ts";

const PACKAGES = [
  "sieve-connect",
  "python3-sievelib",
  "libnet-managesieve-perl",
  "libio-socket-ssl-perl",
  "libauthen-sasl-perl",
  "php-cli",
  "php-net-sieve",
  // What cyrus-admin's sieveshell speaks with; the package itself would bring a mail server along.
  "libcyrus-imap-perl",
  "libsasl2-modules",
];
const TIMEOUT_MS = 30_000;
const NAME = "anna@example.org";

interface Run {
  readonly output: string;
  readonly exitCode: number | null;
}

interface Talk {
  /** What to type once the output ends in this. */
  readonly replies?: ReadonlyArray<readonly [prompt: RegExp, reply: string]>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a client to its end; types a reply at each prompt, in their order. */
function run(program: string, args: readonly string[], { replies = [], env = {} }: Talk = {}): Promise<Run> {
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    timeout: TIMEOUT_MS,
    env: { ...process.env, LC_ALL: "C.UTF-8", TERM: "dumb", ...env },
  });
  const release = guardProcess(child.pid ?? 0);
  const queue = [...replies];
  let output = "";
  let seen = 0;
  const read = (data: Buffer): void => {
    output += data.toString();
    const [prompt, reply] = queue[0] ?? [];
    if (prompt === undefined || !prompt.test(output.slice(seen))) return;
    queue.shift();
    seen = output.length;
    child.stdin.write(`${reply}\n`);
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  child.stdin.on("error", () => {});
  if (queue.length === 0) child.stdin.end();
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => {
      release();
      resolve({ output, exitCode });
    });
  });
}

describe("clients of others, over STARTTLS with the certificate of the test", { timeout: 180_000 }, () => {
  const world = new World();
  const driver = (name: string): string => join(import.meta.dirname, "clients", name);
  let sieveshell = "";

  before(async () => {
    const { needDebianPackages, unpackDebian } = await debianTools();
    await needDebianPackages(PACKAGES);
    await unpackDebian("cyrus-admin", world.path("cyrus"));
    sieveshell = world.path("cyrus/usr/lib/cyrus/bin/sieveshell");
    await world.open();
    await world.start();
  });
  after(() => world.close());

  const lines = async (program: string, file: string): Promise<string[]> => {
    const { output, exitCode } = await run(program, [driver(file), String(world.port), world.ca, NAME, "pw"]);
    assert.equal(exitCode, 0, output);
    return output.trim().split("\n");
  };

  it("sieve-connect", async () => {
    writeFileSync(world.path("pw"), "pw\n");
    writeFileSync(world.path("main.sieve"), 'require "fileinto";\nfileinto "A";\n');
    const connect = (...more: string[]): Promise<Run> => {
      const where = ["-4", "-s", "localhost", "-p", String(world.port), "-u", NAME, "-m", "PLAIN", "--noclearchan"];
      const command = ["sieve-connect", ...where, "--tlscafile", world.ca, "--passwordfd", "3", ...more];
      return run("sh", ["-c", '"$@" 3< "$0"', world.path("pw"), ...command]);
    };
    const file = ["--localsieve", world.path("main.sieve"), "--remotesieve", "main"];
    const up = await connect("--upload", ...file);
    assert.equal(up.exitCode, 0, up.output);
    assert.match((await connect("--activate", "--remotesieve", "main")).output, /^(?!.*(error|fail))/is);
    assert.match((await connect("--list")).output, /"main" ACTIVE/);
    const down = await connect("--download", "--remotesieve", "main", "--localsieve", world.path("back.sieve"));
    assert.equal(down.exitCode, 0, down.output);
    assert.equal(readFileSync(world.path("back.sieve"), "utf8"), readFileSync(world.path("main.sieve"), "utf8"));
    assert.equal((await world.active("anna"))?.name, "main");
    writeFileSync(world.path("main.sieve"), "kep;\n");
    const bad = await connect("--checkscript", "--localsieve", world.path("main.sieve"));
    assert.match(bad.output, /error/i);
    await connect("--deactivate");
    assert.equal((await connect("--delete", "--remotesieve", "main")).exitCode, 0);
    assert.equal(await world.active("anna"), null);
  });

  it("python3-sievelib", async () => {
    assert.deepEqual(await lines("/usr/bin/python3", "sievelib-client.py"), [
      "connect True",
      "implementation Tamis",
      "extensions True",
      "havespace True",
      "put True",
      "put bad False",
      "error True",
      "check True",
      "setactive True",
      "list ('règles', [])",
      `get 'require "fileinto";\\nfileinto "Café";'`,
      "rename True",
      "delete active False",
      "deactivate True",
      "delete True",
      "list (None, [])",
    ]);
  });

  it("libnet-managesieve-perl", async () => {
    assert.deepEqual(await lines("perl", "net-managesieve-client.pl"), [
      "encrypted yes",
      "auth yes",
      "extensions yes",
      "havespace yes",
      "put yes",
      "put bad no",
      "setactive yes",
      "list main main",
      'get require "fileinto";|fileinto "A";|',
      "delete active no",
      "deactivate yes",
      "delete yes",
      "logout yes",
    ]);
  });

  it("php-net-sieve", async () => {
    const told = await lines("php", "net-sieve-client.php");
    assert.match(told.splice(5, 1)[0] ?? "", /^install bad no: /);
    assert.match(told.splice(8, 1)[0] ?? "", /^remove active no: /);
    assert.deepEqual(told, [
      "connect true",
      "login true",
      "extensions true",
      "havespace true",
      "install true",
      'list ["main"]',
      'active "main"',
      'get "require \\"fileinto\\";\\r\\nfileinto \\"A\\";\\r\\n"',
      "deactivate true",
      "remove true",
      "disconnect true",
    ]);
  });

  it("cyrus-admin's sieveshell, on a pty, through a relay that begins TLS, which it cannot itself", async () => {
    await using relay = await tlsRelay(world.port, world.ca);
    writeFileSync(world.path("shell.sieve"), "keep;\n");
    writeFileSync(world.path("main.sieve"), "kep;\n");
    const { output } = await run(
      "script",
      ["-qefc", `perl ${sieveshell} -u ${NAME} -a ${NAME} localhost:${relay.port}`, "/dev/null"],
      {
        replies: [
          [/password: $/, "pw"],
          [/> $/, `put ${world.path("shell.sieve")} shell`],
          [/> $/, `put ${world.path("main.sieve")} bad`],
          [/> $/, "activate shell"],
          [/> $/, "list"],
          [/> $/, "get shell"],
          [/> $/, "delete shell"],
          [/> $/, "deactivate"],
          [/> $/, "delete shell"],
          [/> $/, "quit"],
        ],
      },
    );
    assert.match(output, /shell +<- active script/, output);
    assert.match(output, /keep;/);
    assert.match(output, /cannot be deleted/);
  });
});
