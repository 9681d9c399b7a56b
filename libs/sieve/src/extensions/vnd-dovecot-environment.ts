import type { Extension } from "../extension.ts";
import { environmentItem } from "./environment.ts";

/** Items of the environment as variables `env.…`, with `_` for `-` (Dovecot's environment extension §4). */
export const dovecotEnvironment: Extension = {
  name: "vnd.dovecot.environment",
  implies: ["environment"],
  rfc: "spec-bosch-sieve-dovecot-environment",
  state: "yes",
  namespaces: ["env"],
  readNamespace(name, state) {
    const item = name.slice("env.".length);
    return environmentItem(item, state) ?? environmentItem(item.replaceAll("_", "-"), state) ?? "";
  },
};
