import type { ScriptTables, ScriptText } from "../src/script-tables.ts";

/** The tables in memory, for tests of what is said. */
export function memoryTables(): ScriptTables & { fail: Error | null } {
  const accounts = new Map<string, Map<string, ScriptText>>();
  const of = (accountId: string): Map<string, ScriptText> => {
    if (tables.fail !== null) throw tables.fail;
    const scripts = accounts.get(accountId) ?? new Map<string, ScriptText>();
    accounts.set(accountId, scripts);
    return scripts;
  };
  const tables: ScriptTables & { fail: Error | null } = {
    fail: null,
    list: async (id) =>
      [...of(id).values()].map(({ name, text, at, active }) => ({ name, octets: Buffer.byteLength(text), at, active })),
    get: async (id, name) => of(id).get(name) ?? null,
    formerTexts: async () => [],
    hasRoom: async (id, name, { scripts }) => of(id).has(name) || of(id).size < scripts,
    put: async (id, { name, text }, { scripts }) => {
      const all = of(id);
      if (!all.has(name) && all.size >= scripts) return { kind: "too-many" };
      const active = all.get(name)?.active ?? false;
      all.set(name, { name, text, at: 0, active });
      return { kind: "stored", active };
    },
    activate: async (id, wanted) => {
      if (wanted !== null && !of(id).has(wanted)) return "missing";
      for (const [name, script] of of(id)) of(id).set(name, { ...script, active: name === wanted });
      return "done";
    },
    delete: async (id, name) => {
      const found = of(id).get(name);
      if (found === undefined) return "missing";
      if (found.active) return "active";
      of(id).delete(name);
      return "deleted";
    },
    rename: async (id, from, to) => {
      const found = of(id).get(from);
      if (found === undefined) return "missing";
      if (of(id).has(to)) return "exists";
      of(id).delete(from);
      of(id).set(to, { ...found, name: to });
      return "renamed";
    },
  };
  return tables;
}
