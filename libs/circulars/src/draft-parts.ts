const TYPES: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  txt: "text/plain",
  csv: "text/csv",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  ics: "text/calendar",
  zip: "application/zip",
  odt: "application/vnd.oasis.opendocument.text",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** The media type of an attachment, by the end of its name; `application/octet-stream` for what is not known here. */
export function mediaTypeOf(filename: string): string {
  const end = filename.slice(filename.lastIndexOf(".") + 1).toLowerCase();
  return (Object.hasOwn(TYPES, end) ? TYPES[end] : undefined) ?? "application/octet-stream";
}

/** `Name <address>`, or an address. What is wrong with it, `outbox` says. */
export function mailboxOf(text: string): { readonly address: string; readonly name?: string } {
  const [, name = "", address = ""] = /^(.*?)\s*<([^<>]+)>\s*$/s.exec(text) ?? [];
  if (address === "") return { address: text.trim() };
  const bare = name.replace(/^"(.*)"$/s, "$1").trim();
  return { address: address.trim(), ...(bare === "" ? {} : { name: bare }) };
}
