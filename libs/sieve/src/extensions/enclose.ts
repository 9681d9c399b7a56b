import { defineCommand, type Extension } from "../extension.ts";
import { isFieldName } from "../header-fields.ts";

const enclose = defineCommand({
  name: "enclose",
  shape: { tags: { subject: "string", headers: "strings" }, positional: { text: "string" } },
  check({ headers }, context) {
    context.use({ body: true, attachments: true });
    headers?.forEach((name, index) => {
      if (typeof name !== "string" || isFieldName(name)) return;
      const code = name.endsWith(":") ? "field-name-with-colon" : "bad-field-name";
      context.report({ severity: "warning", code, at: "headers", index, parameters: { name } });
    });
  },
  prepare(args, origin, preparation) {
    const text = preparation.text(args.text);
    const subject = args.subject === undefined ? null : preparation.text(args.subject);
    const headers = preparation.texts(args.headers ?? []);
    return (state) => {
      state.spend(1);
      state.origin = origin;
      const { owner, envelope } = state.facts;
      state.edit({
        kind: "enclose",
        text: text(state),
        ...(subject === null ? {} : { subject: subject(state) }),
        headers: headers(state),
        // RFC 5703 §6: a From and a Date that are not taken over tell of the owner and of now.
        from: owner?.addresses[0] ?? envelope.to ?? "",
        date: state.facts.now,
      });
      return "next";
    };
  },
});

/** Makes the mail an attachment of a new one (RFC 5703 §6). */
export const encloseExtension: Extension = {
  name: "enclose",
  rfc: "RFC 5703 §6",
  state: "yes",
  needs: ["rewrite"],
  commands: [enclose],
};
