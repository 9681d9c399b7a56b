import { filePath, folderPath } from "@tamis/kit";
import { listName } from "@tamis/sieve";
import { z } from "zod";

/**
 * Where the entries of a list come from. `file`: one for everybody. `folder`: each account has its own, in the file that is named after
 * its address. With `column` they are CSV. Another kind of source is another member of this union, and of `readList`.
 */
export type ListSource =
  | { readonly kind: "file"; readonly path: string; readonly column?: string }
  | { readonly kind: "folder"; readonly path: string; readonly column?: string };

/** A list that scripts may name (RFC 6134), by its `listName`. */
export interface ListSetting {
  readonly name: string;
  readonly source: ListSource;
}

const column = z
  .string()
  .min(1)
  .optional()
  .describe("the file is CSV with a header row, and the entries stand in this column");

const list = z
  .strictObject({
    name: z
      .string()
      .describe("what scripts call it: an absolute URI, `tag:example.org,2026:partners` or `:addrbook:default`"),
    file: filePath("the entries, one a line; for all accounts").optional(),
    folder: folderPath("a folder with one such file per account, named after its address").optional(),
    column,
  })
  .superRefine(({ name, file, folder }, context) => {
    const fault = (path: string, message: string, mend: string): void =>
      context.addIssue({ code: "custom", path: [path], message, params: { mend } });
    if (listName(name) === null)
      fault("name", "cannot name a list", "write an absolute URI like tag:example.org,2026:partners");
    if ((file === undefined) === (folder === undefined))
      fault(file === undefined ? "file" : "folder", "one source is needed", "write either `file` or `folder`");
  })
  .transform(({ name, file, folder, column: named }): ListSetting => {
    const more = named === undefined ? {} : { column: named };
    const source: ListSource =
      file === undefined ? { kind: "folder", path: folder ?? "", ...more } : { kind: "file", path: file, ...more };
    return { name: listName(name) ?? name, source };
  });

/** The setting `filter.lists`. */
export const listSettings = z
  .array(list)
  .max(1000)
  .superRefine((lists, context) => {
    lists.forEach(({ name }, index) => {
      if (lists.findIndex((other) => other.name === name) === index) return;
      context.addIssue({
        code: "custom",
        path: [index, "name"],
        message: "this list is there twice",
        params: { mend: "take one away" },
      });
    });
  })
  .default([])
  .describe("lists that scripts may ask and redirect to (RFC 6134)");
