import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { type DkimKey, type DkimSigner, dkimRecord, dkimSigner } from "../src/index.ts";

/** Keys of the tests' own operator, made for this run. */
export const keys = {
  rsa: dkimKey("rsa", generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey),
  ed25519: dkimKey("ed", generateKeyPairSync("ed25519").privateKey),
} as const;

function dkimKey(selector: string, key: KeyObject): DkimKey {
  return { domain: "academie.example", selector, privateKey: key.export({ type: "pkcs8", format: "pem" }).toString() };
}

/** A signer that has to be one. */
export function signerOf(...some: readonly DkimKey[]): DkimSigner {
  const read = dkimSigner(some);
  if (!read.ok) throw new Error(read.fault);
  return read.signer;
}

/** What mailauth says of each signature of a mail, the key found in the record that the signer gives: `rsa-sha256 pass`. */
export async function verdicts(mail: Buffer, signer: DkimSigner): Promise<readonly string[]> {
  const records = new Map(dkimRecord(signer).map(({ name, value }) => [name, value]));
  const resolver = async (name: string): Promise<string[][]> => {
    const record = records.get(name);
    if (record === undefined) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    return [[record]];
  };
  const { results } = await dkimVerify(mail, { resolver });
  return results.map(({ algo, status }) => `${algo} ${status.result}`);
}
