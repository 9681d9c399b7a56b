/** No script at all, no frame, nothing from elsewhere: the pages are HTML, one style sheet, and forms to themselves. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A year, RFC 6797 §6.1.1. */
const HSTS = "max-age=31536000";

export interface SecurityOptions {
  /** The service is seen over https://. */
  readonly https: boolean;
  /**
   * Pages with forms of people who signed in: browsers write `Origin: null` into what is posted from a page with `no-referrer`, and Origin is
   * what tells our own pages from others'. `same-origin` tells other sites as little.
   */
  readonly postsForms: boolean;
}

/** Header fields of every answer. */
export function securityHeaders({ https, postsForms }: SecurityOptions): Readonly<Record<string, string>> {
  return {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": postsForms ? "same-origin" : "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    ...(https ? { "strict-transport-security": HSTS } : {}),
  };
}
