/** Ascending. */
export function uidsOf(mails: readonly { readonly uid: number }[]): number[] {
  return mails.map(({ uid }) => uid).sort((a, b) => a - b);
}

/** In the order in which each key first comes. */
export function groupBy<T>(values: readonly T[], key: (value: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group === undefined) groups.set(key(value), [value]);
    else group.push(value);
  }
  return [...groups.values()];
}
