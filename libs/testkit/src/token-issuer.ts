import { createHmac } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "./guard.ts";

const KEY = "a key that only tests know";

/** Issues bearer tokens that a Dovecot started with its `config` takes (OAUTHBEARER, RFC 7628), without a server to ask. */
export class TokenIssuer implements Disposable {
  readonly #dir = tempDir("tamis-oauth");
  /** For the option `config` of `startDovecot`. */
  readonly config: string;

  constructor() {
    const { path } = this.#dir;
    // Dovecot's auth process is not root.
    chmodSync(path, 0o755);
    const folder = join(path, "keys/default/HS256");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "default"), Buffer.from(KEY).toString("base64"), { mode: 0o644 });
    writeFileSync(
      join(path, "oauth2.conf"),
      `introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix=${path}/keys/\nusername_attribute = sub\n`,
    );
    this.config = `auth_mechanisms = plain login oauthbearer
passdb {
  driver = oauth2
  mechanisms = oauthbearer
  args = ${path}/oauth2.conf
}`;
  }

  /** A token of this user (RFC 7519 with HS256); `ageMs`: it was issued so long ago, for ten minutes. */
  token(user: string, ageMs = 5_000): string {
    const issued = Math.floor((Date.now() - ageMs) / 1000);
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const body = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: user, iat: issued, exp: issued + 600 })}`;
    return `${body}.${createHmac("sha256", KEY).update(body).digest("base64url")}`;
  }

  [Symbol.dispose](): void {
    this.#dir.remove();
  }
}
