import { openSession } from "./open-session.ts";
import type { Route } from "./route.ts";
import type { SmtpSession } from "./session.ts";

export interface PoolOptions {
  readonly route: Route;
  /** How long a session without work stays open, ms. */
  readonly idleMs: number;
  readonly mailsPerSession: number;
}

interface Idle {
  readonly session: SmtpSession;
  readonly timer: NodeJS.Timeout;
}

interface Taking {
  readonly fresh?: boolean;
  readonly authzid?: string | null;
}

/** Sessions with the relay, used again while they are good. How many there are at once is for those who take them. */
export class SessionPool {
  readonly #options: PoolOptions;
  readonly #idle: Idle[] = [];
  readonly #taken = new Set<SmtpSession>();
  readonly #aborting = new AbortController();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * An open session, by preference one that is there; throws `RelayUnavailable`. `fresh`: by no means one that was used before.
   * `authzid`: signed in for this one.
   */
  async take({ fresh = false, authzid = null }: Taking = {}): Promise<SmtpSession> {
    for (let idle = fresh ? undefined : this.#idleFor(authzid); idle !== undefined; idle = this.#idleFor(authzid)) {
      clearTimeout(idle.timer);
      if (!idle.session.isUsable) {
        idle.session.close();
        continue;
      }
      this.#taken.add(idle.session);
      return idle.session;
    }
    const session = await openSession(this.#options.route, { authzid, signal: this.#aborting.signal });
    this.#taken.add(session);
    return session;
  }

  #idleFor(authzid: string | null): Idle | undefined {
    const index = this.#idle.findLastIndex(({ session }) => session.authzid === authzid);
    return index === -1 ? undefined : this.#idle.splice(index, 1)[0];
  }

  give(session: SmtpSession): void {
    const { idleMs, mailsPerSession } = this.#options;
    this.#taken.delete(session);
    if (!session.isUsable || session.transactions >= mailsPerSession || idleMs === 0) {
      void session.quit();
      return;
    }
    const timer = setTimeout(() => {
      const index = this.#idle.findIndex((idle) => idle.session === session);
      if (index !== -1) this.#idle.splice(index, 1);
      void session.quit();
    }, idleMs);
    timer.unref();
    this.#idle.push({ session, timer });
  }

  /** Says goodbye to the idle ones. */
  async close(): Promise<void> {
    const idle = this.#idle.splice(0);
    for (const { timer } of idle) clearTimeout(timer);
    await Promise.all(idle.map(({ session }) => session.quit()));
  }

  /** Ends those in use too, and those that are being opened: what is under way ends as if the connection had broken. */
  abort(): void {
    this.#aborting.abort();
    for (const session of this.#taken) session.close();
  }
}
