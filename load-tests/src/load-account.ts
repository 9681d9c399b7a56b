/** An account of a load run: the id is opaque as in production, the address is what Dovecot knows. */
export interface LoadAccount {
  readonly id: string;
  readonly address: string;
}

export const LOAD_DOMAIN = "load.test";

/** `count` accounts whose names begin with `prefix`: fresh mailboxes as long as the prefix is new to the server. */
export function loadAccounts(prefix: string, count: number): readonly LoadAccount[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `${prefix}${String(index + 1).padStart(String(count).length, "0")}`;
    return { id, address: `${id}@${LOAD_DOMAIN}` };
  });
}

/** The Message-ID by which a mail is found again, whatever folder it is in. */
export const messageIdOf = (key: number): string => `<load-${key}@${LOAD_DOMAIN}>`;

/** The number in such a Message-ID; undefined for any other. */
export function keyOf(messageId: string): number | undefined {
  const digits = /^<load-(\d+)@/.exec(messageId)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
