/** The empty list. */
export const none: readonly never[] = [];

/** The same list without room for more items: trees and programs hold thousands of short lists that grew one by one. */
export function compact<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? none : list.slice();
}
