import type { HeaderField } from "@tamis/message";
import { type AddressReader, addressReader } from "../address-values.ts";
import type { Evaluate } from "../execute.ts";
import type { AddressPart } from "../extension.ts";
import { type CheckContext, defineTest, type Extension } from "../extension.ts";
import { fieldsNamed, isFieldName } from "../header-fields.ts";
import { fieldLocator, fieldSources } from "../header-source.ts";
import { prepareMatch } from "../match-test.ts";
import type { Preparation } from "../preparation.ts";
import type { Text } from "../program.ts";
import { type RunState, RuntimeFault } from "../run-state.ts";

/** Structured fields that hold addresses (RFC 5322 §3.6, RFC 2076 and others beside them); `address` works on these (RFC 5228 §5.1). */
const addressFields: ReadonlySet<string> = new Set(
  `from to cc bcc sender reply-to resent-from resent-to resent-cc resent-bcc resent-sender resent-reply-to
  return-path delivered-to envelope-to x-original-to x-envelope-to x-delivered-to x-forwarded-to x-forwarded-for
  apparently-to errors-to original-recipient disposition-notification-to return-receipt-to mail-followup-to
  mail-reply-to followup-to approved x-envelope-from x-sender x-original-from x-rcpt-to x-beenthere author
  for-approval for-handling for-comment x-admin read-receipt-to x-confirm-reading-to return-receipt-requested
  registered-mail-reply-requested-by abuse-reports-to x-complaints-to x-report-abuse-to`.split(/\s+/),
);

/** Notes which header fields a test names, and reports names that no field can have. */
export function checkFieldNames(names: readonly Text[], context: CheckContext): void {
  names.forEach((name, index) => {
    if (typeof name !== "string") context.use({ dynamic: true });
    else if (isFieldName(name)) context.use({ headers: [name.toLowerCase()] });
    else {
      const code = name.endsWith(":") ? "field-name-with-colon" : "bad-field-name";
      // RFC 5228 §2.4.2.2: a name that is not valid never matches; that is surely not what was meant.
      context.report({ severity: "warning", code, at: "names", index, parameters: { name } });
    }
  });
}

/** The address part that the arguments name; `:all` by default (RFC 5228 §2.7.4). */
export function addressPart(preparation: Preparation, name: string | undefined): AddressPart {
  const part = preparation.registry.addressParts.get(name ?? "all")?.item;
  if (part === undefined) throw new RuntimeFault("stale-program");
  return part;
}

/** Warns of keys that a part of an address can never equal. */
export function checkAddressKeys(
  args: { readonly keys: readonly Text[]; readonly part?: string; readonly match?: string },
  context: CheckContext,
): void {
  if (args.match !== undefined && args.match !== "is" && args.match !== "contains") return;
  if (args.part === undefined || args.part === "all") return;
  args.keys.forEach((key, index) => {
    if (typeof key !== "string" || !key.includes("@") || key.startsWith('"')) return;
    const parameters = { key, part: args.part ?? "" };
    context.report({ severity: "warning", code: "key-with-at", at: "keys", index, parameters });
  });
}

/** QUIRK: a field that holds no address, "undisclosed-recipients:;" or worse, is compared as it is read, by `:all` alone: there are rules for such mail. */
function readAddresses(field: HeaderField, part: AddressReader, state: RunState): readonly string[] {
  const mailboxes = field.addresses().filter((mailbox) => mailbox.address !== "");
  if (mailboxes.length === 0) return part.takesText ? [field.text()] : [];
  return mailboxes.flatMap((mailbox) => part.read(mailbox, state));
}

const address = defineTest({
  name: "address",
  shape: { positional: { names: "strings", keys: "strings" }, families: ["match", "address-part"] },
  check(args, context) {
    checkFieldNames(args.names, context);
    checkAddressKeys(args, context);
    args.names.forEach((name, index) => {
      if (typeof name !== "string" || !isFieldName(name) || addressFields.has(name.toLowerCase())) return;
      context.report({ code: "not-an-address-field", at: "names", index, parameters: { name } });
    });
  },
  prepare(args, line, preparation) {
    const part = addressReader(addressPart(preparation, args.part), args.match);
    const sources = fieldSources(preparation, {
      test: "address",
      args,
      names: args.names,
      reading: `address ${part.name}`,
      read: (fields, state) => fields.flatMap((field) => readAddresses(field, part, state)),
    });
    return prepareMatch(preparation, { test: "address", line, args, keys: args.keys, sources });
  },
});

const header = defineTest({
  name: "header",
  shape: { positional: { names: "strings", keys: "strings" }, families: ["match"] },
  check(args, context) {
    checkFieldNames(args.names, context);
    if (args.match !== undefined && args.match !== "is") return;
    args.keys.forEach((key, index) => {
      // RFC 5228 §5.7: values are compared without the blanks around them.
      if (typeof key !== "string" || key.trim() === key) return;
      context.report({ severity: "warning", code: "key-with-blanks", at: "keys", index, parameters: { key } });
    });
  },
  prepare(args, line, preparation) {
    const sources = fieldSources(preparation, {
      test: "header",
      args,
      names: args.names,
      reading: "header",
      read: (fields) => fields.map((field) => field.text()),
    });
    return prepareMatch(preparation, { test: "header", line, args, keys: args.keys, sources });
  },
});

// RFC 5228 §5.5
const exists = defineTest({
  name: "exists",
  shape: { positional: { names: "strings" } },
  check: ({ names }, context) => checkFieldNames(names, context),
  prepare(args, line, preparation) {
    const expand = preparation.texts(args.names);
    const locate = fieldLocator(preparation, { test: "exists", args });
    const [first] = args.names;
    const evaluate: Evaluate = (state) => {
      state.spend(1);
      const wanted = expand(state);
      if (!wanted.every((name) => locate(state, name).length > 0)) return false;
      return state.matched("exists", line, { field: wanted.join(", ") });
    };
    if (typeof first === "string" && locate === fieldsNamed) {
      preparation.guards.set(evaluate, () => [{ kind: "field", name: first.toLowerCase() }]);
    }
    return evaluate;
  },
});

// RFC 5228 §5.9
const size = defineTest({
  name: "size",
  shape: { tags: { over: "number", under: "number" }, exclusive: [["over", "under"]], oneOf: [["over", "under"]] },
  prepare({ over, under }, line) {
    return (state) => {
      state.spend(1);
      const octets = state.message.size;
      if (over !== undefined && octets <= over) return false;
      if (under !== undefined && octets >= under) return false;
      return state.matched("size", line, { value: String(octets) });
    };
  },
});

/** Tests on the mail (RFC 5228 §5.1, §5.5, §5.7, §5.9). */
export const baseTests: Extension = {
  name: null,
  rfc: "RFC 5228 §5",
  state: "yes",
  tests: [address, header, exists, size],
};
