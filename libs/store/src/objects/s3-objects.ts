import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { type SignableRequest, signedHeaders } from "./aws-signature.ts";
import { checkName, type Objects, ObjectsUnavailable } from "./objects.ts";
import type { S3Settings } from "./section.ts";

/** From the request to the first octet of the answer, ms; for what is sent, more of it for each MiB. */
const PATIENCE_MS = 30_000;
const PATIENCE_MIB_MS = 1_000;
/** Octets of an error's text that are read for its code. */
const MAX_ERROR = 10_000;

/** Objects in a bucket, addressed by path, which every service that speaks S3 knows. */
export function s3Objects(settings: S3Settings): Objects {
  const ask = (method: SignableRequest["method"], name: string, body: Uint8Array = new Uint8Array()) =>
    request(settings, { method, url: urlOf(settings, checkName(name)), body });
  return {
    async put(name, octets) {
      const answer = await ask("PUT", name, octets);
      if (!answer.ok) throw await refusal(answer);
      await answer.body?.cancel();
    },
    async get(name) {
      const answer = await ask("GET", name);
      if (answer.status === 404) return await absent(answer);
      if (!answer.ok || answer.body === null) throw await refusal(answer);
      // Proof: what fetch gives is the stream of node:stream/web, which the DOM's type names otherwise.
      const octets = Readable.fromWeb(answer.body as ReadableStream);
      return { size: Number(answer.headers.get("content-length") ?? 0), octets };
    },
    async delete(name) {
      const answer = await ask("DELETE", name);
      if (!answer.ok && answer.status !== 404) throw await refusal(answer);
      await answer.body?.cancel();
    },
  };
}

const urlOf = ({ endpoint, bucket, prefix }: S3Settings, name: string): URL =>
  new URL(`${endpoint.replace(/\/$/, "")}/${bucket}/${prefix}${name}`);

async function request({ keys, region }: S3Settings, question: SignableRequest): Promise<Response> {
  const { method, url, body } = question;
  const headers = signedHeaders(question, { id: keys.id, secret: keys.secret.reveal(), region }, new Date());
  const stopper = new AbortController();
  const patience = setTimeout(() => stopper.abort(), PATIENCE_MS + (body.length / 1_048_576) * PATIENCE_MIB_MS);
  try {
    const { signal } = stopper;
    return await fetch(url, { method, headers, signal, redirect: "error", ...(method === "PUT" ? { body } : {}) });
  } catch (cause) {
    throw new ObjectsUnavailable(stopper.signal.aborted ? "timeout" : causeOf(cause), { cause });
  } finally {
    clearTimeout(patience);
  }
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (inner instanceof Error && "code" in inner) return String(inner.code);
  return inner instanceof Error ? inner.message : String(inner);
}

/** Nothing of that name; a bucket that is not there is another matter. */
async function absent(answer: Response): Promise<null> {
  const code = await codeIn(answer);
  if (code === "NoSuchBucket") throw new ObjectsUnavailable(code);
  return null;
}

async function refusal(answer: Response): Promise<ObjectsUnavailable> {
  return new ObjectsUnavailable((await codeIn(answer)) ?? `HTTP ${answer.status}`);
}

async function codeIn(answer: Response): Promise<string | null> {
  const text = (await answer.text()).slice(0, MAX_ERROR);
  return /<Code>([A-Za-z0-9.]{1,100})<\/Code>/.exec(text)?.[1] ?? null;
}
