import type { SignInReason } from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import type { AccountBook } from "./account-book.ts";
import { Allowance } from "./allowance.ts";
import type { AuditFields } from "./audit.ts";
import { BoundedMap } from "./bounded-map.ts";
import { Gate } from "./gate.ts";
import type { Credential, ImapCheck } from "./imap-check.ts";
import { PairTurns } from "./pair-turns.ts";
import { peerKey } from "./peer.ts";
import type { DoorsSettings } from "./section.ts";
import { wrongPasswords } from "./wrong-passwords.ts";

/** How a sign-in ended. Why somebody was refused is told to the audit alone. */
export type SignInOutcome =
  | { readonly kind: "accepted"; readonly account: Account }
  | { readonly kind: "refused" }
  /** Not looked at, or not to be decided now: the right password would get the same answer. */
  | { readonly kind: "later" };

/** Somebody at the door, over TLS. */
export interface Attempt {
  /** As typed. */
  readonly name: string;
  /** Whom to act as; empty: oneself. */
  readonly authzid: string;
  readonly credential: Credential;
  /** IP address. */
  readonly peer: string;
}

export interface Door {
  /** Resolves after the delay of a refusal. Whoever calls it has made sure that the connection is encrypted. */
  signIn(attempt: Attempt): Promise<SignInOutcome>;
  /** What could not be read as a message of its mechanism: counted and delayed as a refusal. */
  malformed(mechanism: "PLAIN" | "OAUTHBEARER", peer: string): Promise<SignInOutcome>;
}

export interface DoorOptions {
  readonly settings: DoorsSettings;
  /** What stands before a master user's name at the IMAP server. */
  readonly masterSeparator: string;
  readonly book: () => AccountBook;
  readonly imap: Pick<ImapCheck, "check">;
  readonly audit: (fields: AuditFields) => void;
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly delay: (ms: number) => Promise<void>;
}

type Verdict =
  | { readonly kind: "accepted"; readonly reason: SignInReason; readonly account: Account }
  | { readonly kind: "refused" | "later"; readonly reason: SignInReason; readonly account?: Account };

const MINUTE_MS = 60_000;
const CAPACITY = 100_000;
/** Attempts that wait for a connection to the IMAP server. */
const WAITING_UPSTREAM = 200;
const WAITING_PER_PAIR = 3;
const ALL = "all";

/** The one way in for owners, shared by all doors: their own password, checked by the IMAP server. */
export function openDoor(options: DoorOptions): Door {
  return new GuardedDoor(options);
}

class GuardedDoor implements Door {
  readonly #options: DoorOptions;
  readonly #byAddress: Allowance;
  readonly #upstream: Allowance;
  readonly #turns: PairTurns;
  readonly #gate: Gate;
  readonly #wrong;
  /** Pairs that were let in: what strangers do to the upstream allowance is not theirs to suffer. */
  readonly #known = new BoundedMap<true>(CAPACITY);
  /** How long the IMAP server last took to refuse, ms: what is refused without asking it must not be told by its speed. */
  #refusalMs = 0;

  constructor(options: DoorOptions) {
    this.#options = options;
    const { settings, clock } = options;
    const { failures_per_address, failures_upstream_per_minute, first_delay_ms, longest_delay_ms } = settings;
    const perAddress = { count: failures_per_address, windowMs: 10 * MINUTE_MS, capacity: CAPACITY, clock };
    this.#byAddress = new Allowance(perAddress);
    this.#upstream = new Allowance({ count: failures_upstream_per_minute, windowMs: MINUTE_MS, capacity: 1, clock });
    this.#turns = new PairTurns({
      firstDelayMs: first_delay_ms,
      longestDelayMs: longest_delay_ms,
      forgetMs: 15 * MINUTE_MS,
      waiting: WAITING_PER_PAIR,
      capacity: CAPACITY,
      clock,
    });
    this.#gate = new Gate(settings.upstream_connections, WAITING_UPSTREAM);
    this.#wrong = wrongPasswords(clock);
  }

  async signIn(attempt: Attempt): Promise<SignInOutcome> {
    const found = this.#options.book().find(attempt.name);
    const account = found === "ambiguous" ? null : found;
    const pair = `${account?.id ?? attempt.name.toLowerCase()} ${peerKey(attempt.peer)}`;
    const mechanism = attempt.credential.kind === "password" ? "PLAIN" : "OAUTHBEARER";
    return this.#answer({ pair, mechanism, peer: attempt.peer }, () => this.#judge(attempt, found, pair));
  }

  malformed(mechanism: "PLAIN" | "OAUTHBEARER", peer: string): Promise<SignInOutcome> {
    const judge = async (): Promise<Verdict> =>
      this.#byAddress.take(peerKey(peer)) === null
        ? { kind: "later", reason: "too-many-from-address" }
        : { kind: "refused", reason: "malformed" };
    return this.#answer({ pair: ` ${peerKey(peer)}`, mechanism, peer }, judge);
  }

  async #answer(
    who: { readonly pair: string; readonly mechanism: "PLAIN" | "OAUTHBEARER"; readonly peer: string },
    judge: () => Promise<Verdict>,
  ): Promise<SignInOutcome> {
    const turn = await this.#turns.take(who.pair);
    if (turn === null) return this.#tell(who, { kind: "later", reason: "too-many-at-once" });
    try {
      const verdict = await judge();
      if (verdict.kind === "accepted") turn.succeeded();
      const outcome = this.#tell(who, verdict);
      if (verdict.kind === "refused") await this.#options.delay(turn.failed());
      return outcome;
    } finally {
      turn.end();
    }
  }

  #tell(
    { mechanism, peer }: { readonly mechanism: "PLAIN" | "OAUTHBEARER"; readonly peer: string },
    verdict: Verdict,
  ): SignInOutcome {
    const accountId = verdict.account?.id;
    this.#options.audit({
      mechanism,
      peer,
      result: verdict.kind,
      reason: verdict.reason,
      ...(accountId === undefined ? {} : { accountId }),
    });
    return verdict.kind === "accepted" ? { kind: "accepted", account: verdict.account } : { kind: verdict.kind };
  }

  /** Everything that needs no question to the IMAP server comes first. */
  async #judge(attempt: Attempt, found: Account | "ambiguous" | null, pair: string): Promise<Verdict> {
    const { credential } = attempt;
    const account = found === "ambiguous" || found === null ? undefined : found;
    const told = account === undefined ? {} : { account };
    if (account !== undefined && credential.kind === "password" && this.#wrong.has(account.id, credential.password))
      return { kind: "refused", reason: "same-wrong-password", account };
    const address = this.#byAddress.take(peerKey(attempt.peer));
    if (address === null) return { kind: "later", reason: "too-many-from-address", ...told };
    const fault = this.#faultOf(attempt, found);
    if (fault !== null) {
      await this.#options.delay(this.#refusalMs);
      return { kind: "refused", reason: fault, ...told };
    }
    // Proof: #faultOf refuses every attempt without an account.
    const verdict = await this.#ask(account as Account, credential, pair);
    if (verdict.kind !== "refused") address.giveBack();
    return verdict;
  }

  #faultOf({ name, authzid }: Attempt, found: Account | "ambiguous" | null): SignInReason | null {
    if (name.includes(this.#options.masterSeparator) || name.includes("*")) return "master-name";
    if (found === null) return "unknown-account";
    if (found === "ambiguous") return "ambiguous-name";
    return authzid === "" || this.#options.book().find(authzid) === found ? null : "foreign-authzid";
  }

  async #ask(account: Account, credential: Credential, pair: string): Promise<Verdict> {
    const isKnown = this.#known.get(pair) === true;
    const taken = this.#upstream.take(ALL);
    if (taken === null && !isKnown) return { kind: "later", reason: "too-many-upstream", account };
    const began = this.#options.clock();
    const result = await this.#gate.run(() => this.#options.imap.check(account, credential));
    if (result !== "wrong") taken?.giveBack();
    switch (result) {
      case "right":
        this.#known.set(pair, true);
        return { kind: "accepted", reason: credential.kind === "password" ? "right-password" : "right-token", account };
      case "wrong":
        this.#refusalMs = Math.min(this.#options.clock() - began, 5_000);
        if (credential.kind === "password") this.#wrong.add(account.id, credential.password);
        return { kind: "refused", reason: credential.kind === "password" ? "wrong-password" : "wrong-token", account };
      case "unavailable":
        return { kind: "later", reason: "server-unavailable", account };
      case null:
        return { kind: "later", reason: "too-many-upstream", account };
      default:
        return result satisfies never;
    }
  }
}
