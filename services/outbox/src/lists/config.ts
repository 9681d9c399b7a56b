import { filePath, folderPath, secret } from "@tamis/kit";
import { z } from "zod";
import { isFilter, NAME_MARK } from "./ldap/filter-text.ts";
import { FOLDER_KIND } from "./list-folder.ts";

const dn = (meaning: string) => z.string().min(3).max(1000).describe(meaning);
const attribute = z.string().regex(/^[A-Za-z][A-Za-z0-9;.-]{0,100}$/, "not the name of an attribute");
const filter = z.string().max(2000).refine(isFilter, "not a filter: (attribute=value), in parentheses");
const listFilter = filter.refine(
  (text) => text.includes(NAME_MARK),
  `${NAME_MARK} stands in it for the name of the list`,
);

const kind = z
  .strictObject({
    base: dn("where it is looked for, if not below `ldap.base`").optional(),
    people: listFilter.optional().describe("finds the people of a list: (rne={name})"),
    group: listFilter.optional().describe("finds the group of that name, whose members they are: (cn={name})"),
  })
  .refine(({ people, group }) => (people === undefined) !== (group === undefined), "write either `people` or `group`")
  .describe("how the lists of one kind are found");

const people = z
  .strictObject({
    base: dn("where people are, if not below `ldap.base`").optional(),
    filter: filter.default("(objectClass=inetOrgPerson)").describe("who is a person, of all that lists hold"),
    mail: attribute.default("mail").describe("the attribute with the address"),
    name: attribute.default("displayName").describe("the attribute with the name that stands beside it"),
    certificate: attribute
      .optional()
      .describe("the attribute with the certificate for secret attachments: userCertificate;binary"),
    identities: attribute
      .optional()
      .describe(
        "the attribute with other addresses that a person may write as: only the directory's keepers may change it",
      ),
    fields: z
      .record(z.string().min(1).max(100), attribute)
      .default({})
      .describe("merge fields by their attributes: { prenom: givenName, nom: sn }"),
  })
  .prefault({})
  .describe("what is taken of the entries of people");

const isLoopback = (url: string): boolean => /^ldap:\/\/(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?::|\/|$)/i.test(url);

const ldap = z
  .strictObject({
    url: z
      .string()
      .regex(/^ldaps?:\/\/[^/?#\s]+\/?$/i, "not ldaps://host or ldap://host")
      .describe("the directory"),
    starttls: z.boolean().default(true).describe("with ldap://: go on in TLS; false on loopback only"),
    ca_file: filePath("certificates that are trusted instead of the system's (PEM)").optional(),
    bind_dn: dn("who signs in; nobody where it is absent").optional(),
    password: secret("the password of `bind_dn`").optional(),
    base: dn("where everything is below"),
    timeout_ms: z.int().min(100).max(120_000).default(10_000).describe("how long an answer may take, ms"),
    page_size: z.int().min(1).max(10_000).default(500).describe("entries asked for at once (RFC 2696)"),
    people,
    kinds: z
      .record(
        z
          .string()
          .regex(/^[a-z][a-z0-9-]{0,39}$/, "not a word in small letters")
          .refine((word) => word !== FOLDER_KIND && word !== "dn", "this word means another kind of list"),
        kind,
      )
      .describe("kinds of lists by the word that is written before their names: `school:0380001A`"),
  })
  .superRefine(({ url, starttls, bind_dn: bindDn, password }, context) => {
    const fault = (path: string, message: string, mend: string): void =>
      context.addIssue({ code: "custom", path: [path], message, params: { mend } });
    if (/^ldap:/i.test(url) && !starttls && !isLoopback(url))
      fault("starttls", "nobody is asked without TLS but this machine", "write `starttls: true`, or use ldaps://");
    if ((bindDn === undefined) !== (password === undefined))
      fault(bindDn === undefined ? "bind_dn" : "password", "missing", "`bind_dn` and `password` go together");
  })
  .describe("a directory (LDAP) with lists");

/** `outbox.lists` of `tamis.yaml`. */
export const listsConfig = z
  .strictObject({
    folder: folderPath("lists, a file each, named after the list: addresses one a line, or CSV").optional(),
    ldap: ldap.optional(),
    max_depth: z.int().min(1).max(100).default(10).describe("lists within lists"),
    max_members: z.int().min(1).max(1_000_000).default(100_000).describe("addresses that one request may add"),
  })
  .prefault({})
  .describe("where recipients of circulars are found");

export type ListsSettings = Readonly<z.output<typeof listsConfig>>;
