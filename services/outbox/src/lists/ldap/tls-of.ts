import type { DirectorySettings } from "./directory.ts";

/** How a directory is spoken to: in TLS from the start, from then on, or not. */
export function tlsOf({
  url,
  starttls,
}: {
  readonly url: string;
  readonly starttls: boolean;
}): DirectorySettings["tls"] {
  if (/^ldaps:/i.test(url)) return "implicit";
  return starttls ? "starttls" : "none";
}
