import { createHash, createHmac } from "node:crypto";

/** A request that is to be signed. */
export interface SignableRequest {
  readonly method: "GET" | "PUT" | "DELETE";
  readonly url: URL;
  /** Beside host, date and digest, which are added; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface AwsKeys {
  readonly id: string;
  readonly secret: string;
  readonly region: string;
}

const SERVICE = "s3";
const ALGORITHM = "AWS4-HMAC-SHA256";

/** The header fields that make S3 take a request (AWS Signature Version 4), Authorization among them. The body is covered by its digest. */
export function signedHeaders(request: SignableRequest, { id, secret, region }: AwsKeys, now: Date): Headers {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const digest = sha256(request.body);
  const headers: Readonly<Record<string, string>> = {
    ...request.headers,
    host: request.url.host,
    "x-amz-content-sha256": digest,
    "x-amz-date": time,
  };
  const names = Object.keys(headers).toSorted();
  const canonical = [
    request.method,
    canonicalPath(request.url),
    "",
    ...names.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}`),
    "",
    names.join(";"),
    digest,
  ].join("\n");
  const scope = [time.slice(0, 8), region, SERVICE, "aws4_request"];
  const signed = [ALGORITHM, time, scope.join("/"), sha256(Buffer.from(canonical))].join("\n");
  const key = scope.reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${secret}`);
  const signature = hmac(key, signed).toString("hex");
  const authorization = `${ALGORITHM} Credential=${id}/${scope.join("/")},SignedHeaders=${names.join(";")},Signature=${signature}`;
  const { host: _, ...sent } = headers;
  return new Headers({ ...sent, authorization });
}

const sha256 = (octets: Uint8Array): string => createHash("sha256").update(octets).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text, "utf8").digest();

/** Each octet that is not unreserved (RFC 3986 §2.3) is percent-encoded once; no query is ever asked. */
const canonicalPath = ({ pathname }: URL): string =>
  pathname
    .split("/")
    .map((part) =>
      encodeURIComponent(decodeURIComponent(part)).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join("/");
