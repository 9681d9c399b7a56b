import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

/** What the responder does with every request that is rightly signed: `cut` ends the connection before its work, `silence` does it and answers nothing. */
export type S3Answer = "serve" | "cut" | "silence" | { readonly status: number; readonly code: string };

export type S3Options = {
  readonly bucket?: string;
  readonly region?: string;
  readonly id?: string;
  readonly secret?: string;
};

/** One bucket on loopback, in this process, that speaks as much of S3 as objects need and checks each signature (AWS Signature Version 4). */
export type S3Server = {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly keys: { readonly id: string; readonly secret: string };
  /** What is in the bucket, by key. */
  readonly objects: ReadonlyMap<string, Buffer>;
  readonly answer: (answer: S3Answer) => void;
  readonly stop: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

type State = {
  readonly bucket: string;
  readonly region: string;
  readonly id: string;
  readonly secret: string;
  readonly objects: Map<string, Buffer>;
  answer: S3Answer;
};

/** How far a request's time may be from ours, ms. */
const SKEW_MS = 900_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/** Why a request is refused, as S3 calls it; null: it is rightly signed. */
function faultOf(request: IncomingMessage, body: Buffer, state: State): string | null {
  const [, id, day, region, names = "", signature = ""] = AUTHORIZATION.exec(request.headers.authorization ?? "") ?? [];
  if (id === undefined) return "AccessDenied";
  if (id !== state.id) return "InvalidAccessKeyId";
  const header = (name: string): string => String(request.headers[name] ?? "");
  const time = header("x-amz-date");
  const at = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!(Math.abs(at - Date.now()) < SKEW_MS) || !time.startsWith(String(day))) return "RequestTimeTooSkewed";
  if (region !== state.region) return "AuthorizationHeaderMalformed";
  const list = names.split(";");
  if (!["host", "x-amz-content-sha256", "x-amz-date"].every((name) => list.includes(name))) return "AccessDenied";
  const digest = createHash("sha256").update(body).digest("hex");
  if (header("x-amz-content-sha256") !== digest) return "XAmzContentSHA256Mismatch";
  const { pathname, search } = new URL(`http://x${request.url}`);
  if (search !== "") return "NotImplemented";
  const lines = list.map((name) => `${name}:${header(name)}\n`).join("");
  const canonical = `${request.method}\n${pathname}\n\n${lines}\n${names}\n${digest}`;
  const scope = `${day}/${region}/s3/aws4_request`;
  const hash = createHash("sha256").update(canonical).digest("hex");
  let key: string | Buffer = `AWS4${state.secret}`;
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  const wanted = createHmac("sha256", key).update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash}`).digest();
  return timingSafeEqual(wanted, Buffer.from(signature, "hex")) ? null : "SignatureDoesNotMatch";
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`);
}

async function serve(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const body = await buffer(request);
  const fault = faultOf(request, body, state);
  if (fault !== null) return refuse(response, 403, fault);
  if (state.answer === "cut") return void request.socket.destroy();
  if (typeof state.answer === "object") return refuse(response, state.answer.status, state.answer.code);
  const [, bucket, ...rest] = decodeURIComponent(request.url ?? "").split("/");
  if (bucket !== state.bucket) return refuse(response, 404, "NoSuchBucket");
  const key = rest.join("/");
  if (state.answer === "silence") {
    if (request.method === "PUT") state.objects.set(key, body);
    return;
  }
  switch (request.method) {
    case "PUT":
      state.objects.set(key, body);
      return void response.writeHead(200).end();
    case "DELETE":
      state.objects.delete(key);
      return void response.writeHead(204).end();
    case "GET": {
      const found = state.objects.get(key);
      if (found === undefined) return refuse(response, 404, "NoSuchKey");
      return void response.writeHead(200, { "content-length": found.length }).end(found);
    }
    default:
      return refuse(response, 405, "MethodNotAllowed");
  }
}

/** Starts a bucket that holds nothing. */
export async function startS3(options: S3Options = {}): Promise<S3Server> {
  const { bucket = "tamis", region = "fr-test", id = "test-id", secret = "test-secret" } = options;
  const state: State = { bucket, region, id, secret, objects: new Map(), answer: "serve" };
  const server = createServer((request, response) => {
    // A client that vanishes is part of what is tested.
    serve(request, response, state).catch(() => response.destroy());
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  // A forgotten one must not keep the test process alive.
  server.unref();
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const stop = async (): Promise<void> => {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    server.closeAllConnections();
    await closed.promise;
  };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    region,
    keys: { id, secret },
    objects: state.objects,
    answer: (answer) => {
      state.answer = answer;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
