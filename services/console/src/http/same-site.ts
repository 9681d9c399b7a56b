/** What browsers say of the page that a request came from. */
export interface Sender {
  /** RFC 6454 §7. */
  readonly origin: string | undefined;
  /** Sec-Fetch-Site of Fetch Metadata. */
  readonly fetchSite: string | undefined;
}

/**
 * Whether a request that changes something came from our own page (`ours`), from another site (`foreign`), or from no browser that says
 * (`unsaid`): a script, which brings a password of its own, may; a form of somebody who is signed in may not.
 */
export function siteOf({ origin, fetchSite }: Sender, url: string): "ours" | "foreign" | "unsaid" {
  if (fetchSite !== undefined && fetchSite !== "same-origin" && fetchSite !== "none") return "foreign";
  if (origin === url) return "ours";
  if (origin !== undefined && (origin !== "null" || fetchSite === undefined)) return "foreign";
  return fetchSite === "same-origin" ? "ours" : "unsaid";
}
