import { type HeaderField, parseParameterized } from "@tamis/message";
import type { Extension, Tag } from "../extension.ts";
import { fieldsNamed } from "../header-fields.ts";
import { currentPart, currentParts } from "../part-in-loop.ts";
import { asTexts } from "../program.ts";
import type { RunState } from "../run-state.ts";

const tests = ["header", "address", "exists"];

/** RFC 5703 §4: the fields of the part at hand, with `:anychild` of those inside it too. */
function fieldsOfPart(state: RunState, name: string): readonly HeaderField[] {
  return state.part === null ? fieldsNamed(state, name) : currentPart(state).headers(name);
}

function fieldsOfParts(state: RunState, name: string): readonly HeaderField[] {
  return [...currentParts(state)].flatMap((part) => part.headers(name));
}

/** Type and subtype that a Content-Type names; RFC 5703 §4.1: blank where it has no such value. */
function mediaType(field: HeaderField): readonly [string, string] {
  const found = /^([^/\s]+)\/([^/\s]+)$/.exec(parseParameterized(field.raw()).value);
  return [found?.[1] ?? "", found?.[2] ?? ""];
}

type Reading = (field: HeaderField) => string;

/** RFC 5703 §4.1: what each option reads of the two fields that it knows; of all others nothing. */
function option(name: string, ofContentType: Reading, ofDisposition: Reading): Tag {
  const read = (field: HeaderField): string => {
    if (field.lowerName === "content-type") return ofContentType(field);
    return field.lowerName === "content-disposition" ? ofDisposition(field) : "";
  };
  return {
    name,
    on: ["header"],
    kind: "flag",
    check: (_value, args, context) => {
      if (args["mime"] === undefined) {
        context.report({ code: "tag-needs-other", at: name, parameters: { tag: name, other: "mime" } });
      }
      const other = options.find((one) => one !== name && args[one] !== undefined);
      if (other !== undefined && options.indexOf(other) < options.indexOf(name)) {
        context.report({ code: "tags-exclusive", at: name, parameters: { tag: name, other } });
      }
    },
    read: () => (fields) => fields.map(read),
  };
}

const options = ["type", "subtype", "contenttype", "param"];

const disposition: Reading = (field) => parseParameterized(field.raw()).value;

const plainOptions: readonly Tag[] = [
  option("type", (field) => mediaType(field)[0], disposition),
  option(
    "subtype",
    (field) => mediaType(field)[1],
    () => "",
  ),
  option(
    "contenttype",
    (field) => {
      const [type, subtype] = mediaType(field);
      return type === "" ? "" : `${type}/${subtype}`;
    },
    disposition,
  ),
];

/** RFC 5703 §4.1: the values of the named parameters, whatever the field. */
const param: Tag = {
  ...option(
    "param",
    () => "",
    () => "",
  ),
  kind: "strings",
  read(value, preparation) {
    const expand = preparation.texts(asTexts(value));
    return (fields, state) => {
      const names = expand(state).map((name) => name.toLowerCase());
      return fields.flatMap((field) => {
        const { parameters } = parseParameterized(field.raw());
        return names.flatMap((name) => parameters.get(name) ?? []);
      });
    };
  },
};

/** Tests on the MIME parts of a mail (RFC 5703 §4). */
export const mime: Extension = {
  name: "mime",
  rfc: "RFC 5703 §4",
  state: "yes",
  tags: [
    {
      name: "mime",
      on: tests,
      kind: "flag",
      check(_value, args, context) {
        if (args["anychild"] === true || context.around.length > 0) context.use({ body: true });
      },
      locate: (_value, args) => (args["anychild"] === true ? fieldsOfParts : fieldsOfPart),
    },
    {
      name: "anychild",
      on: tests,
      kind: "flag",
      check(_value, args, context) {
        if (args["mime"] !== undefined) return;
        context.report({
          code: "tag-needs-other",
          at: "anychild",
          parameters: { tag: "anychild", other: "mime" },
        });
      },
    },
    ...plainOptions,
    param,
  ],
};
