import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

/** Reads what a growing text file has got since the last look, whole lines only. */
export interface LogTail {
  readonly lines: () => readonly string[];
  readonly close: () => void;
}

/** Follows a file from its present end, or from its beginning. */
export function tailLog(file: string, options: { readonly fromStart?: boolean } = {}): LogTail {
  const descriptor = openSync(file, "r");
  let offset = options.fromStart === true ? 0 : fstatSync(descriptor).size;
  let rest = "";
  const decoder = new StringDecoder("utf8");
  const lines = (): readonly string[] => {
    const size = fstatSync(descriptor).size;
    const chunk = Buffer.alloc(Math.max(0, size - offset));
    const length = readSync(descriptor, chunk, 0, chunk.length, offset);
    offset += length;
    const parts = (rest + decoder.write(chunk.subarray(0, length))).split("\n");
    rest = parts.pop() ?? "";
    return parts;
  };
  return { lines, close: () => closeSync(descriptor) };
}
