import { filePath, newPath, type Secret, secret } from "@tamis/kit";
import { z } from "zod";

const schemaPrefix = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,30}$/, "is no name of a schema: lower-case letters, digits and _")
  .default("tamis_");

const postgres = z
  .strictObject({
    kind: z.literal("postgres").describe("tables in PostgreSQL 15 or later"),
    host: z.string().min(1).default("127.0.0.1").describe("host, or the folder of its Unix socket"),
    port: z.int().min(1).max(65_535).default(5432).describe("port of PostgreSQL"),
    database: z.string().min(1).default("tamis").describe("the database, which exists"),
    user: z.string().min(1).default("tamis").describe("who signs in there, and may create schemas in it"),
    password: secret("password at PostgreSQL").optional(),
    tls: z
      .strictObject({ ca_file: filePath("certificates that are trusted beside the system's (PEM)").optional() })
      .optional()
      .describe("TLS towards PostgreSQL, with a certificate that is checked"),
    schema_prefix: schemaPrefix.describe("each service has the schema `<prefix><service>`"),
    connections: z.int().min(1).max(100).default(8).describe("connections of each process"),
  })
  .describe("PostgreSQL");

const pglite = z
  .strictObject({
    kind: z.literal("pglite").describe("tables in a folder, for one process on one machine"),
    folder: newPath("the folder; each service has its own in it").optional(),
  })
  .describe("PGlite");

/** The section `store` of tamis.yaml; absent, it is PGlite under `state_dir`. */
const storeSection = z.preprocess(
  (given) => (isPlainWithoutKind(given) ? { kind: "pglite", ...given } : given),
  z.discriminatedUnion("kind", [pglite, postgres]),
);

function isPlainWithoutKind(given: unknown): given is object {
  return typeof given === "object" && given !== null && !Array.isArray(given) && !("kind" in given);
}

/** For the services that keep tables: `sections: { ...storeSections, … }`. */
export const storeSections = { store: storeSection };

export type StoreSettings = Readonly<z.output<typeof storeSection>>;
export type PostgresSettings = Extract<StoreSettings, { readonly kind: "postgres" }>;

/** The password as it is now; absent where none is set (peer or trust on a socket). */
export const passwordOf = ({ password }: { readonly password?: Secret | undefined }): string | undefined =>
  password?.reveal();
