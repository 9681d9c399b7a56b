const PARTITION = /^p(\d{3,})$/;
const MEMBER = /^i\.(.+)$/;

/** An instance's name as one token of a KV key. */
export function tokenOf(instance: string): string {
  return instance.replaceAll(/[^A-Za-z0-9_-]/g, "_") || "_";
}

export function keyOfPartition(p: number): string {
  return `p${String(p).padStart(3, "0")}`;
}

export function keyOfMember(token: string): string {
  return `i.${token}`;
}

/** Which partitions have a holder, and who is there at all. Other keys are none of ours. */
export function readKeys(keys: readonly string[]): { readonly taken: ReadonlySet<number>; readonly members: string[] } {
  const taken = new Set<number>();
  const members: string[] = [];
  for (const key of keys) {
    const [, p] = PARTITION.exec(key) ?? [];
    const [, member] = MEMBER.exec(key) ?? [];
    if (p !== undefined) taken.add(Number(p));
    if (member !== undefined) members.push(member);
  }
  return { taken, members };
}
