import { ManageSieveClient } from "@tamis/testkit";
import { STAFF } from "./mails/sample.ts";
import type { Stack } from "./stack.ts";

const SCRIPT = `require ["fileinto", "mailbox"];
# rule:[Piscine]
if header :contains "subject" "piscine" { fileinto :create "Piscine"; }
`;

/** Puts a script and activates it as an owner's editor does. Null when it was taken, else the answer that refused it. */
export async function putScript(
  { sieve, dovecot }: Pick<Stack, "sieve" | "dovecot">,
  local: string,
): Promise<string | null> {
  const client = await ManageSieveClient.secure(sieve.port, sieve.certFile);
  try {
    for (const say of [
      () => client.signIn(`${local}@${STAFF}`, dovecot.password),
      () => client.put("piscine", SCRIPT),
      () => client.say('SETACTIVE "piscine"\r\n'),
    ]) {
      const answer = await say();
      if (!/^OK\b/m.test(answer)) return answer.trim();
    }
    return null;
  } finally {
    client.end();
  }
}
