import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { loadSettings } from "@tamis/kit";
import { freePorts, type SunkMail, waitFor } from "@tamis/testkit";
import { routes } from "../src/api/add-api.ts";
import { consoleService } from "../src/console-service.ts";
import { examine } from "../src/doctor.ts";
import { type Said, World } from "./world.ts";

const linkIn = ({ raw }: SunkMail): string =>
  /^List-Unsubscribe: <https:\/\/localhost:\d+(\/u\/[^>]+)>/m.exec(raw.toString().replace(/\r\n[ \t]+/g, " "))?.[1] ??
  "";

describe("the console", { timeout: 150_000 }, () => {
  const world = new World();
  before(() => world.open());
  after(() => world.close());
  const json = ({ text, status }: Said, wanted = 200) => {
    assert.equal(status, wanted, text);
    return JSON.parse(text);
  };
  /** A circular to anna and bob that leaves now; resolves with its number and its mails. */
  const send = async (listId: string) => {
    const { id } = json(
      await world.api("/circulars", { body: { subject: "Rentrée", text: "{{prenom}}", listId } }),
      201,
    );
    const recipients = ["anna", "bob"].map((name) => ({ address: `${name}@example.org`, fields: { prenom: name } }));
    const { suppressed } = json(await world.api(`/circulars/${id}/recipients`, { body: { recipients } }));
    const before = world.sink.mails.length;
    json(await world.api(`/circulars/${id}/schedule`, { body: { now: true } }));
    await waitFor(async () => json(await world.api(`/circulars/${id}`)).finishedAt !== null, { timeoutMs: 40_000 });
    return { id, suppressed, mails: world.sink.mails.slice(before) };
  };
  const formIn = (text: string): string => /name="token" value="([^"]+)"/.exec(text)?.[1] ?? "";
  const signIn = (password: string): Promise<Said> =>
    world.ask("/sign-in", {
      method: "POST",
      headers: { origin: world.url, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ name: "anna@example.org", password }).toString(),
    });

  it("lets owners in with the password of their mailbox, and sees that each has their own circulars", async () => {
    assert.equal((await world.api("/circulars", { password: "wrong" })).status, 401);
    const { id } = json(await world.api("/circulars", { body: { subject: "Rentrée", text: "Bonjour" } }), 201);
    assert.equal(json(await world.api("/circulars")).circulars[0].id, id);
    assert.deepEqual(json(await world.api("/circulars", { as: "bob" })), { circulars: [] });
    for (const [path, method] of [
      [`/circulars/${id}`, "GET"],
      [`/circulars/${id}/cancel`, "POST"],
      [`/circulars/${id}/recipients`, "GET"],
    ] as const)
      assert.equal((await world.api(path, { as: "bob", method })).status, 404, path);
    assert.equal(json(await world.api(`/circulars/${id}`)).state, "draft");
  });

  it("takes recipients from the lists that a sender may use, and says what will leave", async () => {
    assert.deepEqual(json(await world.api("/lists")), { lists: [{ name: "list:tous", about: null }], isAll: true });
    assert.deepEqual(json(await world.api("/lists", { as: "bob" })), { lists: [], isAll: true });
    const draft = { subject: "Rentrée", text: "{{prenom}}" };
    const { id } = json(await world.api("/circulars", { body: draft }), 201);
    const add = (lists: readonly string[], as = "anna") => world.api(`/circulars/${id}/lists`, { as, body: { lists } });
    for (const lists of [["list:paire"], ["list:tous", "list:paire"], ["list:../tous"]])
      assert.equal(json(await add(lists), 403).code, "not-your-list");
    assert.equal(json(await add(["list:tous"], "bob"), 403).code, "not-your-list");
    const { sources, added, recipients } = json(await add(["LIST:Tous"]));
    assert.deepEqual([added, recipients, sources[0].found, sources[0].invalid], [2, 2, 3, 1]);
    assert.deepEqual(json(await add(["list:tous"])).sources[0].doubles, 2);
    const { size, ...outlook } = json(await world.api(`/circulars/${id}/outlook`));
    assert.deepEqual(outlook, {
      recipients: 2,
      suppressed: 0,
      domains: [{ domain: "example.org", count: 2 }],
      domainCount: 1,
    });
    assert.ok(size > 100);
    assert.equal((await world.api(`/circulars/${id}/outlook`, { as: "bob" })).status, 404);
  });

  it("has a circular written anew until it begins, and no longer, and sends what was written last", async () => {
    const draft = { subject: "Rentrée", text: "Bonjour {{prenom}}" };
    const { id } = json(await world.api("/circulars", { body: draft }), 201);
    const bob = { address: "bob@example.org", fields: { prenom: "Bob" } };
    json(await world.api(`/circulars/${id}/recipients`, { body: { recipients: [bob] } }));
    const read = json(await world.api(`/circulars/${id}/draft`));
    assert.deepEqual([read.subject, read.text, read.from.address], ["Rentrée", draft.text, "anna@example.org"]);
    const revise = (body: object, version: string) =>
      world.api(`/circulars/${id}/draft`, { method: "PUT", body: { subject: "Report", ...body, version } });
    assert.match(json(await revise({ text: "{{nom}}" }, read.version), 422).detail, /\{\{nom\}\}: 1/);
    json(await world.api(`/circulars/${id}/schedule`, { body: { at: "2099-01-05T08:00", zone: "Europe/Paris" } }));
    assert.equal(json(await revise({ text: "x" }, read.version), 409).code, "changed");
    const { version } = json(await world.api(`/circulars/${id}/draft`));
    json(await revise({ text: "C'est reporté, {{prenom}}." }, version));
    assert.equal(json(await world.api(`/circulars/${id}/withdraw`, { method: "POST" })).state, "draft");
    const { length: before } = world.sink.mails;
    json(await world.api(`/circulars/${id}/schedule`, { body: { now: true } }));
    await waitFor(async () => json(await world.api(`/circulars/${id}`)).finishedAt !== null, { timeoutMs: 40_000 });
    assert.equal(world.sink.mails.length, before + 1);
    const raw = world.sink.mails[before]?.raw.toString() ?? "";
    assert.match(raw, /^Subject: Report\r$[\s\S]*report=C3=A9,[\s\S]*Bob/m);
    assert.equal(json(await revise({ text: "x" }, version), 409).code, "not-possible");
  });

  it("lets nothing that is typed become a field of the mail", async () => {
    const evil = "x\r\nBcc: eve@example.org\r\n\r\n<b>";
    for (const more of [
      { subject: evil },
      { from: { address: "anna@example.org", name: evil } },
      { replyTo: { address: "anna@example.org", name: evil } },
      { replyTo: { address: `a@example.org\r\nBcc: eve@example.org` } },
      { listId: `agents.example.org>\r\nBcc: eve@example.org` },
    ]) {
      const made = await world.api("/circulars", { body: { subject: "Rentrée", text: "{{prenom}}", ...more } });
      if (made.status === 422) continue;
      const { id } = json(made, 201);
      const fields = { prenom: `Bob${evil}` };
      json(
        await world.api(`/circulars/${id}/recipients`, {
          body: { recipients: [{ address: "bob@example.org", name: evil, fields }] },
        }),
      );
      const raw = Buffer.from(json(await world.api(`/circulars/${id}/preview`)).mail, "base64").toString();
      const [head = ""] = raw.split("\r\n\r\n");
      assert.doesNotMatch(head, /^Bcc:/im, JSON.stringify(more));
    }
  });

  it("lets no sender near the circulars of another, by whatever operation", async () => {
    const { id } = json(await world.api("/circulars", { body: { subject: "Rentrée", text: "{{prenom}}" } }), 201);
    const recipients = [{ address: "bob@example.org", fields: { prenom: "Bob" } }];
    json(await world.api(`/circulars/${id}/recipients`, { body: { recipients } }));
    const [{ id: recipient }] = json(await world.api(`/circulars/${id}/recipients`)).recipients;
    const before = json(await world.api(`/circulars/${id}`));
    const bodies: Readonly<Record<string, unknown>> = {
      addRecipients: { recipients },
      addLists: { lists: ["list:tous"] },
      testCircular: { to: "bob@example.org" },
      scheduleCircular: { now: true },
      foreseeCircular: { now: true },
      reviseCircular: { subject: "x", text: "x", version: "x" },
    };
    const about = routes.filter(({ path }) => path.includes("{id}"));
    assert.ok(about.length >= 13);
    const mails = world.sink.mails.length;
    for (const { method, path, operationId } of about) {
      const url = path.replace("{id}", id).replace("{recipient}", recipient);
      const body = bodies[operationId];
      const said = await world.api(url, {
        as: "bob",
        method: method.toUpperCase(),
        ...(body === undefined ? {} : { body }),
      });
      // Lists that are not his are refused before; nobody knows receipts here.
      const wanted = { addLists: 403, remindCircular: 503 }[operationId] ?? 404;
      assert.equal(said.status, wanted, `${operationId}: ${said.text}`);
    }
    assert.deepEqual(json(await world.api(`/circulars/${id}`)), before);
    assert.equal(world.sink.mails.length, mails);
  });

  it("makes one circular under one Idempotency-Key, and no other", async () => {
    const create = (subject: string) =>
      world.ask("/api/v1/circulars", {
        method: "POST",
        auth: `anna@example.org:${world.password}`,
        headers: { "content-type": "application/json", "idempotency-key": "k1", "accept-language": "fr" },
        body: JSON.stringify({ subject, text: "Bonjour" }),
      });
    const [first, second] = [json(await create("A"), 201), json(await create("A"), 201)];
    assert.equal(first.id, second.id);
    const other = json(await create("B"), 422);
    assert.deepEqual([other.code, other.detail], ["key-reused", "une autre circulaire a été créée sous cette clé"]);
  });

  it("sends mails whose link takes their reader off this list, and off no other", async () => {
    const { mails } = await send("agents.example.org");
    assert.equal(mails.length, 2);
    const bobs = mails.find(({ to }) => to[0] === "bob@example.org") ?? assert.fail("no mail to bob");
    assert.match(bobs.raw.toString(), /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    const click = (link: string) =>
      world.ask(link, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "List-Unsubscribe=One-Click",
      });
    const link = linkIn(bobs);
    assert.equal((await world.ask(link)).status, 200);
    const [forged, right] = [await click(`${link.slice(0, -4)}0000`), await click(link)];
    assert.deepEqual([forged.status, forged.text], [right.status, right.text]);
    const next = await send("Agents <agents.example.org>");
    assert.deepEqual([next.suppressed, next.mails.map(({ to }) => to.join())], [1, ["anna@example.org"]]);
    assert.equal((await send("parents.example.org")).mails.length, 2);
  });

  it("hands out a large attachment by the link that a recipient got, and secrets only in an archive", async () => {
    const form = new FormData();
    const large = "0123456789".repeat(500);
    form.append("draft", JSON.stringify({ subject: "Bilan", text: "{{prenom}}" }));
    form.append("attachment", new File([large], "bilan d'été.txt", { type: "text/plain" }));
    form.append("secret", new File(["the secret"], "paie.txt", { type: "text/plain" }));
    const body = new Response(form);
    const created = await world.ask("/api/v1/circulars", {
      method: "POST",
      auth: `anna@example.org:${world.password}`,
      headers: { "content-type": body.headers.get("content-type") ?? "" },
      body: await body.text(),
    });
    const { id, links, secrets, password } = json(created, 201);
    assert.deepEqual([links, secrets, typeof password], [1, 1, "string"]);
    const recipients = [{ address: "bob@example.org", fields: { prenom: "Bob" } }];
    json(await world.api(`/circulars/${id}/recipients`, { body: { recipients } }));
    const { mail } = json(await world.api(`/circulars/${id}/preview`));
    const raw = Buffer.from(mail, "base64").toString();
    assert.ok(!raw.includes("the secret") && !raw.includes(Buffer.from("the secret").toString("base64")));
    const [, path = ""] =
      /https:\/\/localhost:\d+(\/f\/\S+)/.exec(raw.replaceAll("=\r\n", "").replaceAll("=3D", "=")) ?? [];
    const fetched = await world.ask(path);
    assert.deepEqual([fetched.status, fetched.text], [200, large]);
    assert.equal(
      fetched.headers["content-disposition"],
      "attachment; filename=\"bilan d'_t_.txt\"; filename*=UTF-8''bilan%20d%27%C3%A9t%C3%A9.txt",
    );
    assert.equal((await world.ask(path.replace("bilan", "paie"))).status, 404);
  });

  it("knows a browser after a restart, until it signs out", async () => {
    assert.equal((await signIn("wrong")).status, 401);
    const signedIn = await signIn(world.password);
    assert.equal(signedIn.status, 303);
    const cookie = signedIn.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    await world.stop();
    await world.start();
    const list = await world.ask("/circulars", { headers: { cookie } });
    assert.match(list.text, /Rentrée/);
    const form = { origin: world.url, cookie, "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams({ token: formIn(list.text) }).toString();
    assert.equal((await world.ask("/sign-out", { method: "POST", headers: form, body })).status, 303);
    assert.equal((await world.ask("/circulars", { headers: { cookie } })).headers.location, "/sign-in?to=%2Fcirculars");
  });

  it("waits for no body that may not be sent", async () => {
    const unsent = { method: "POST", unsent: 30_000_000, headers: { "content-type": "application/json" } };
    assert.equal((await world.ask("/api/v1/circulars", unsent)).status, 401);
    assert.equal((await world.ask("/sign-in", unsent)).status, 403);
    const auth = `anna@example.org:${world.password}`;
    assert.equal((await world.ask("/api/v1/circulars", { ...unsent, unsent: 40_000_000, auth })).status, 413);
  });

  it("lets one address have so many connections, and gives them back", async () => {
    const open = () => connect(world.port, "127.0.0.1").on("error", () => {});
    const sockets = Array.from({ length: 20 }, open);
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
    await assert.rejects(world.ask("/sign-in"), /ECONNRESET|socket hang up|disconnected/);
    for (const socket of sockets) socket.destroy();
    await waitFor(() => world.ask("/sign-in").then(({ status }) => status === 200), { timeoutMs: 10_000 });
  });

  it("finds nothing to mend, and says what is in the way", async () => {
    const settings = loadSettings(world.path("tamis.yaml"), consoleService.sections);
    const examined = async (more: Partial<(typeof settings)["console"]> = {}) => {
      const signal = AbortSignal.timeout(20_000);
      const findings = await examine({ settings: { ...settings, console: { ...settings.console, ...more } }, signal });
      return findings.filter(({ ok }) => !ok).map(({ id, text }) => `${id}: ${text.en}`);
    };
    assert.deepEqual(await examined(), []);
    const [closed = 0] = await freePorts(1);
    const [silent, unsubscribe, files, senders] = await examined({ url: `https://localhost:${closed}`, senders: [] });
    assert.match(silent ?? "", /^console\.url: .* does not answer \(ECONNREFUSED\)/);
    assert.match(unsubscribe ?? "", /^console\.unsubscribe: .*, which `console` does not answer/);
    assert.match(files ?? "", /^console\.files: .*\/f, which `console` does not answer/);
    assert.match(senders ?? "", /^console\.senders: no account may write/);
  });

  it("shows a new certificate without a restart", async () => {
    const before = await world.ask("/sign-in");
    world.renewCertificate();
    const renewed = await world.ask("/sign-in");
    assert.notEqual(renewed.certificate, before.certificate);
  });

  it("answers what is under way when it stops, and ends whatever else is open", async () => {
    const silent = connect(world.port, "127.0.0.1");
    const closed = new Promise((resolve) => silent.once("close", resolve));
    silent.on("error", () => {});
    await new Promise((resolve) => silent.once("connect", resolve));
    const answer = world.ask("/u/some-token", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "List-Unsubscribe=One-Click",
    });
    await waitFor(() => world.ask("/sign-in").then(({ status }) => status === 200), { timeoutMs: 10_000 });
    await world.stop();
    assert.equal((await answer).status, 200);
    await closed;
    await assert.rejects(world.ask("/sign-in"), /ECONNREFUSED/);
    await world.start();
  });
});
