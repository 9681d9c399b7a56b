/** RFC 3492 §5: the parameters of Punycode. */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;

/** A label has 63 octets at most (RFC 1035 §2.3.4). */
const LONGEST_LABEL = 63;

const A_LABEL = /^xn--/i;

/**
 * The other spelling of an internationalised domain: U-labels for A-labels ("école.example" for "xn--cole-9oa.example")
 * and the reverse (RFC 5890 §2.3.2.1). Null for a domain that has one spelling, and for A-labels that are none.
 */
export function otherSpelling(domain: string): string | null {
  if (/\P{ASCII}/u.test(domain)) return inAscii(domain);
  if (!/(?:^|\.)xn--/i.test(domain)) return null;
  const labels = domain
    .split(".")
    .map((label) => (A_LABEL.test(label) ? decoded(label.slice(4).toLowerCase()) : label));
  const spelled = labels.includes(null) ? null : labels.join(".");
  // What does not lead back is no A-label, but something made to look like another domain.
  return spelled !== null && inAscii(spelled) === domain.toLowerCase() ? spelled : null;
}

/** The domain in A-labels; null where it can be none. */
function inAscii(domain: string): string | null {
  // A URL's host could be more than a domain, and less.
  if (/[\0-\x2c/:-@[-`{-\x7f]/.test(domain) || !URL.canParse(`http://${domain}/`)) return null;
  const { hostname } = new URL(`http://${domain}/`);
  return A_LABEL.test(hostname) || hostname.includes(".xn--") ? hostname : null;
}

/** RFC 3492 §6.2: what a label says behind its "xn--"; null where that is nothing. */
function decoded(label: string): string | null {
  if (label.length > LONGEST_LABEL) return null;
  const basic = Math.max(0, label.lastIndexOf("-"));
  const points = [...label.slice(0, basic)].map((character) => character.charCodeAt(0));
  let state = { point: 128, place: 0, bias: 72 };
  for (let at = basic === 0 ? 0 : basic + 1; at < label.length; ) {
    const delta = deltaAt(label, at, state.bias);
    if (delta === null) return null;
    const length = points.length + 1;
    const place = state.place + delta.value;
    state = {
      point: state.point + Math.floor(place / length),
      place: place % length,
      bias: adapted(delta.value, length, points.length === basic),
    };
    if (state.point > 0x10ffff || (state.point >= 0xd800 && state.point <= 0xdfff)) return null;
    points.splice(state.place++, 0, state.point);
    at = delta.end;
  }
  return String.fromCodePoint(...points);
}

/** A number of variable length (RFC 3492 §3.3). */
function deltaAt(label: string, start: number, bias: number): { readonly value: number; readonly end: number } | null {
  let value = 0;
  let weight = 1;
  for (let at = start, k = BASE; at < label.length; k += BASE) {
    const digit = digitOf(label.charCodeAt(at++));
    if (digit === null) return null;
    value += digit * weight;
    if (value > 0x7fff_ffff) return null;
    const threshold = Math.min(T_MAX, Math.max(T_MIN, k - bias));
    if (digit < threshold) return { value, end: at };
    weight *= BASE - threshold;
  }
  return null;
}

/** a to z are 0 to 25, 0 to 9 are 26 to 35. */
function digitOf(code: number): number | null {
  if (code >= 97 && code <= 122) return code - 97;
  return code >= 48 && code <= 57 ? code - 22 : null;
}

/** RFC 3492 §6.1. */
function adapted(delta: number, length: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / 700) : delta >> 1;
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + 38));
}
