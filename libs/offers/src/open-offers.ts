import type { Bucket, BucketChange } from "@tamis/bus";
import { type ServerAbilities, serverAbilities, serverKey } from "@tamis/contracts";
import { type Ability, type Offered, offered } from "@tamis/sieve";
import { type AccountMeans, abilitiesOf, type UnknownServer } from "./abilities-of.ts";
import { isAllowed, type Means } from "./means.ts";

/** What the scripts of an account may use. Accounts that may use the same have the same object. */
export interface Offer extends Offered {
  /** Names the set: the same for as long as the abilities are the same, over restarts too. */
  readonly id: string;
  /** For `compile`. */
  readonly abilities: ReadonlySet<Ability>;
  /** The external lists that there are (RFC 6134), for `compile`. */
  readonly lists: readonly string[];
}

/** The offers of all accounts, as they are now. */
export interface Offers {
  /** Of an account: by the key of its server in KV `servers`, and its address; what is not known is promised nothing. */
  of(server: string | undefined, address?: string): Offer;
  /** Calls back when what a server can do is news; the answer ends it. */
  onChange(listener: () => void): () => void;
  stop(): void;
}

export interface OffersOptions {
  /** KV `servers`. */
  readonly bucket: Pick<Bucket, "watch">;
  readonly means: Means;
  readonly unknown: UnknownServer;
}

/** What tamis.yaml lets some accounts have and others not. */
type Privileges = Omit<AccountMeans, "server">;

/** Of one server. */
type OffersThere = (privileges: Privileges) => Offer;

const PLAIN: Privileges = { programs: false, imapEvents: false };

/** Follows what the IMAP servers can do. Resolves when all that is known is read. */
export async function openOffers({ bucket, means, unknown }: OffersOptions): Promise<Offers> {
  const all = new Map<string, Offer>();
  const byServer = new Map<string, OffersThere>();
  const listeners = new Set<() => void>();
  const offerFor = (account: AccountMeans): Offer => {
    const abilities = abilitiesOf(means, account, unknown);
    const id = [...abilities].toSorted().join(" ");
    const known = all.get(id) ?? { id, abilities, lists: means.lists, ...offered(abilities) };
    all.set(id, known);
    return known;
  };
  const offersAt = (server: ServerAbilities | null): OffersThere => {
    const made = new Map<string, Offer>();
    return (privileges) => {
      const key = `${privileges.programs} ${privileges.imapEvents}`;
      const offer = made.get(key) ?? offerFor({ server, ...privileges });
      made.set(key, offer);
      return offer;
    };
  };
  const ofUnknown = offersAt(null);
  const watch = await bucket.watch(({ key, value }: BucketChange) => {
    const before = byServer.get(key) ?? ofUnknown;
    const server = read(value);
    const now = server === null ? ofUnknown : offersAt(server);
    byServer.set(key, now);
    if (now(PLAIN) !== before(PLAIN)) for (const listener of listeners) listener();
  });
  await watch.ready;
  return {
    of(server, address) {
      const offersThere = (server === undefined ? undefined : byServer.get(server)) ?? ofUnknown;
      return offersThere({
        programs: isAllowed(means.programs, address),
        imapEvents: isAllowed(means.imapEvents, address),
      });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: () => watch.stop(),
  };
}

/** `null`: taken away, or nothing that this version understands. */
function read(value: Uint8Array | null): ServerAbilities | null {
  if (value === null) return null;
  try {
    return serverAbilities.parse(JSON.parse(new TextDecoder().decode(value)));
  } catch {
    return null;
  }
}

/** The key in KV `servers` of an account's server. */
export function serverOf(
  account: { readonly host?: string | undefined; readonly port?: number | undefined },
  imap: { readonly host: string; readonly port: number },
): string {
  return serverKey(account.host ?? imap.host, account.port ?? imap.port);
}
