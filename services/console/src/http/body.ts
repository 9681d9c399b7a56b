import { Problem } from "./problem.ts";

/** Octets of a body that anybody may send. */
export const SMALL_BODY = 65_536;

/** How many octets of long bodies are in memory at once, so that a few senders at once do not end the process. */
export class BodyRoom {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Runs `work` with so much room; a {@link Problem} `busy` where there is none. */
  async with<T>(octets: number, work: () => Promise<T>): Promise<T> {
    if (this.#taken + octets > this.#most) throw new Problem("busy");
    this.#taken += octets;
    try {
      return await work();
    } finally {
      this.#taken -= octets;
    }
  }
}

/** The whole body; a {@link Problem} `too-long` as soon as it has more than `most` octets, said or sent. */
export async function readBody(request: Request, most: number): Promise<Uint8Array<ArrayBuffer>> {
  if (saidLength(request) > most) throw new Problem("too-long");
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request.body ?? []) {
    length += piece.length;
    if (length > most) throw new Problem("too-long");
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** Content-Length; 0 where it is not said. */
export function saidLength(request: Request): number {
  const said = request.headers.get("content-length") ?? "0";
  return /^\d{1,15}$/.test(said) ? Number(said) : Number.POSITIVE_INFINITY;
}

/** The media type of the body, in lower case, without parameters. */
export function typeOf(request: Request): string {
  return (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** A form as browsers send it, of either kind; a {@link Problem} where it is none. */
export async function readForm(request: Request, most: number): Promise<FormData> {
  const type = typeOf(request);
  if (type !== "application/x-www-form-urlencoded" && type !== "multipart/form-data")
    throw new Problem("unsupported-type");
  // Only what has files is long: a million fields would take minutes.
  const isPlain = type === "application/x-www-form-urlencoded";
  const octets = await readBody(request, isPlain ? Math.min(most, SMALL_BODY) : most);
  if (!isPlain && !hasFewParts(request, octets)) throw new Problem("bad-request");
  try {
    const headers = { "content-type": request.headers.get("content-type") ?? "" };
    return await new Response(octets, { headers }).formData();
  } catch {
    throw new Problem("bad-request");
  }
}

/**
 * The fields of a form in its first `most` octets, without whatever file they end in: of whom not all is read. Browsers send fields in the order
 * of the page. Empty where it is no form.
 */
export async function readFormStart(request: Request, most: number): Promise<FormData> {
  const type = request.headers.get("content-type") ?? "";
  const boundary = boundaryOf(request);
  if (typeOf(request) !== "multipart/form-data" || boundary === undefined) return new FormData();
  const start = await startOf(request, most + 1);
  const end = start.length > most ? Buffer.from(`\r\n--${boundary}--\r\n`) : Buffer.alloc(0);
  const octets = Buffer.concat([start.subarray(0, most), end]);
  try {
    return await new Response(new Uint8Array(octets), { headers: { "content-type": type } }).formData();
  } catch {
    return new FormData();
  }
}

/** RFC 2046 §5.1.1; undefined where there is none. */
const boundaryOf = (request: Request): string | undefined =>
  /boundary="?([\w'()+,./:=? -]{1,70}?)"?\s*(?:;|$)/i.exec(request.headers.get("content-type") ?? "")?.[1];

/** As many as forms have: a circular has some fields, its lists, and up to fifty files of each kind. */
const MOST_PARTS = 300;

function hasFewParts(request: Request, octets: Uint8Array<ArrayBuffer>): boolean {
  const delimiter = `--${boundaryOf(request) ?? ""}`;
  const body = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  let parts = 0;
  for (let at = body.indexOf(delimiter); at !== -1 && parts <= MOST_PARTS; at = body.indexOf(delimiter, at + 1))
    parts++;
  return parts <= MOST_PARTS;
}

/** At least so many octets, where there are as many. The rest is left where it is: who is told off while sending hears nothing of the answer. */
async function startOf(request: Request, octets: number): Promise<Buffer> {
  const reader = request.body?.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (reader !== undefined && length < octets) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  reader?.releaseLock();
  return Buffer.concat(pieces);
}

/** The JSON of the body; a {@link Problem} where it is none. */
export async function readJson(request: Request, most: number): Promise<unknown> {
  const octets = await readBody(request, most);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(octets));
  } catch {
    throw new Problem("bad-request", "JSON (UTF-8)");
  }
}

/** The text in a field of a form; "" where there is none, or a file. */
export function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

/** The files of a field that has some; browsers send an empty one without a name where none was chosen. */
export function filesIn(form: FormData, name: string): readonly File[] {
  return form
    .getAll(name)
    .filter((value) => typeof value !== "string" && (value.size > 0 || value.name !== "")) as File[];
}
