import type { AccountMemory } from "./account-memory.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { now } from "./publish-mail.ts";

/** A server that ends its IDLEs sooner has none: it is asked instead. */
const SHORTEST_IDLE_MS = 1_000;
/** Without IDLE (RFC 2177) the server is asked so often. */
const POLL_MS = 30_000;

type Waiting = Pick<AccountMemory, "bell" | "wokenAt">;

/**
 * Until the server tells something, the bell is rung, or what `restMs` says has passed: by IDLE, else by asking from time to time.
 * Throws ConnectionLost.
 */
export async function waitForNews(session: ImapSession, memory: Waiting, restMs: () => number): Promise<void> {
  const hasIdle = session.capabilities.has("IDLE");
  if (hasIdle && (await idle(session, memory, restMs))) return;
  await memory.bell.wait(Math.min(POLL_MS, restMs()));
  await session.noop();
  memory.wokenAt ??= now();
}

/** False: the server has no IDLE, whatever it says. */
async function idle(session: ImapSession, { bell }: Waiting, restMs: () => number): Promise<boolean> {
  const begunAt = performance.now();
  const running = session.idle();
  let isOurs = false;
  let lastedMs = Number.POSITIVE_INFINITY;
  // An IDLE that the server ends wakes us; our own end must not, or the next rest would be none.
  const onEnd = (): void => {
    if (isOurs) return;
    lastedMs = performance.now() - begunAt;
    bell.ring();
  };
  running.ended.then(onEnd, onEnd);
  const isSilent = await untilWoken(session, bell, restMs());
  isOurs = true;
  running.done();
  const { status } = await running.ended;
  if (isSilent) session.notices.slowDown();
  return status === "OK" && lastedMs >= SHORTEST_IDLE_MS;
}

/** True: a server that gives notice has been silent too long. */
async function untilWoken(session: ImapSession, bell: Waiting["bell"], restMs: number): Promise<boolean> {
  const end = performance.now() + restMs;
  const silentAt = (): number => session.lastHeard + session.notices.everyMs * 1.5;
  for (;;) {
    const isRung = await bell.wait(Math.min(end, silentAt()) - performance.now());
    if (isRung || performance.now() >= end) return false;
    if (performance.now() >= silentAt()) return true;
  }
}
