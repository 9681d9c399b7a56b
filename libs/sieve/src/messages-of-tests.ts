import { type Entry, entry } from "./message-entry.ts";

/** Messages of the test language. */
export const testMessages: Readonly<Record<string, Entry>> = {
  "unknown-test-object": entry(
    ["test_set knows no “{name}”", "use message, envelope.from, envelope.to, envelope.orig_to or envelope.auth"],
    [
      "test_set ne connaît pas « {name} »",
      "utilisez message, envelope.from, envelope.to, envelope.orig_to ou envelope.auth",
    ],
  ),
  "nothing-compiled": entry(
    ["no script is compiled", "use test_script_compile before"],
    ["aucun script n'est compilé", "utilisez d'abord test_script_compile"],
  ),
  "no-such-binary": entry(
    ["no program is saved as “{name}”", "use test_binary_save before"],
    ["aucun programme n'est enregistré sous « {name} »", "utilisez d'abord test_binary_save"],
  ),
  "bad-annotation-name": entry(
    ["“{name}” is not the name of an annotation", "begin it with /private/ or /shared/"],
    ["« {name} » n'est pas le nom d'une annotation", "commencez-le par /private/ ou /shared/"],
  ),
};
