import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ConfigFault, loadSettings } from "@tamis/kit";
import { tempDir } from "@tamis/testkit";
import { consoleConfig } from "./config.ts";

describe("the section console", () => {
  const dir = tempDir("tamis-console-config");
  after(() => dir.remove());
  for (const name of ["cert.pem", "key.pem"]) writeFileSync(join(dir.path, name), "");
  const load = (section: string) => {
    const file = join(dir.path, "tamis.yaml");
    writeFileSync(file, `console: ${section}\n`, { mode: 0o600 });
    return loadSettings(file, { console: consoleConfig }).console;
  };

  it("needs an address and nothing else: nobody may write, and nothing is opened to the outside", () => {
    const {
      listen,
      senders,
      lists,
      operators,
      trusted_proxies: proxies,
    } = load("{ url: https://console.example.org }");
    const nobody = [senders, lists, operators, proxies];
    assert.deepEqual([listen, nobody], [[{ host: "127.0.0.1", port: 8443 }], [[], [], [], []]]);
  });
  for (const section of [
    "{ url: http://127.0.0.1:8080 }",
    '{ url: "http://[::1]:8080" }',
    "{ url: http://localhost }",
    "{ url: https://console.example.org, listen: [{ host: 0.0.0.0 }], cert_file: cert.pem, key_file: key.pem }",
    "{ url: https://console.example.org, listen: [{ host: 0.0.0.0 }], trusted_proxies: [10.0.0.0/8, '2001:db8::1'] }",
    "{ url: https://console.example.org, senders: everybody, time_zone: Europe/Paris }",
    "{ url: https://console.example.org, lists: [{ lists: ['school:*', 'list:tous'], senders: everybody }] }",
  ])
    it(`may be ${section}`, () => assert.ok(load(section)));
  for (const { section, about } of [
    { section: "{}", about: /console\.url/ },
    { section: "{ url: https://console.example.org/ }", about: /without a path/ },
    { section: "{ url: https://Console.example.org }", about: /as browsers write it/ },
    { section: "{ url: https://console.example.org:443 }", about: /as browsers write it/ },
    { section: "{ url: http://console.example.org }", about: /passwords would come in the clear/ },
    { section: "{ url: https://c.example, listen: [{ host: 0.0.0.0 }] }", about: /passwords would come in the clear/ },
    { section: "{ url: https://c.example, cert_file: cert.pem }", about: /go together/ },
    { section: "{ url: http://localhost, cert_file: cert.pem, key_file: key.pem }", about: /write https/ },
    { section: "{ url: https://c.example, trusted_proxies: [10.0.0.0/33] }", about: /not an address or a network/ },
    { section: "{ url: https://c.example, trusted_proxies: [proxy] }", about: /not an address or a network/ },
    { section: "{ url: https://c.example, time_zone: Mars/Olympus }", about: /not a time zone/ },
    { section: "{ url: https://c.example, senders: [anna] }", about: /senders/ },
    { section: "{ url: https://c.example, lists: [{ lists: [tous], senders: everybody }] }", about: /KIND:NAME/ },
  ])
    it(`may not be ${section}`, () =>
      assert.throws(
        () => load(section),
        (error) => error instanceof ConfigFault && about.test(error.message),
      ));
});
