import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { siteOf } from "./same-site.ts";

const url = "https://console.example.org";

describe("where a request comes from", () => {
  for (const { origin, fetchSite, want } of [
    { origin: url, fetchSite: "same-origin", want: "ours" },
    { origin: url, fetchSite: undefined, want: "ours" },
    { origin: "null", fetchSite: "same-origin", want: "ours" },
    { origin: undefined, fetchSite: "same-origin", want: "ours" },
    { origin: "https://evil.example", fetchSite: undefined, want: "foreign" },
    { origin: "https://evil.example", fetchSite: "same-origin", want: "foreign" },
    { origin: `${url}.evil.example`, fetchSite: undefined, want: "foreign" },
    { origin: "http://console.example.org", fetchSite: undefined, want: "foreign" },
    { origin: url, fetchSite: "cross-site", want: "foreign" },
    { origin: undefined, fetchSite: "same-site", want: "foreign" },
    { origin: "null", fetchSite: undefined, want: "foreign" },
    { origin: undefined, fetchSite: undefined, want: "unsaid" },
    { origin: undefined, fetchSite: "none", want: "unsaid" },
  ])
    it(`${origin}, ${fetchSite}: ${want}`, () => assert.equal(siteOf({ origin, fetchSite }, url), want));
});
