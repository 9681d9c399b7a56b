import { type ExpressionBuilder, type RawBuilder, sql } from "kysely";
import type { Tables } from "./schema.ts";

// As base64, both ways: PGlite takes two seconds for a megabyte of `bytea`, and milliseconds for text.

/** Octets for a column of type `bytea`. */
export const toColumn = (octets: Uint8Array): RawBuilder<Uint8Array> =>
  sql<Uint8Array>`decode(${Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString("base64")}, 'base64')`;

/** The octets of `body`, to be read by {@link fromBase64}. */
export const bodyAsBase64 = (row: ExpressionBuilder<Tables, "body">): RawBuilder<string> =>
  sql<string>`encode(${row.ref("body.octets")}, 'base64')`;

/** PostgreSQL breaks its base64 into lines, which Node passes over. */
export const fromBase64 = (text: string): Buffer => Buffer.from(text, "base64");
