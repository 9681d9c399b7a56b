import { filePath } from "@tamis/kit";
import { limitTable } from "@tamis/sieve";
import { z } from "zod";

const listener = z.strictObject({
  host: z.string().min(1).optional().describe("address to listen on; every address where none is named"),
  port: z.int().min(1).max(65_535).default(4190).describe("port (RFC 5804 §1.8)"),
  tls: z.enum(["starttls", "implicit"]).default("starttls").describe("how TLS begins"),
});

/** The section `scripts` of `tamis.yaml`. */
export const scriptsConfig = z
  .strictObject({
    listen: z
      .array(listener)
      .min(1)
      .default([{ port: 4190, tls: "starttls" }])
      .describe("where ManageSieve is spoken"),
    cert_file: filePath("the certificate of the service's name, with its chain (PEM); read again when it changes"),
    key_file: filePath("the key of the certificate (PEM)"),
    language: z.enum(["en", "fr"]).default("en").describe("of what is said to owners about their scripts"),
    max_scripts: z.int().min(1).max(10_000).default(50).describe("scripts of one account"),
    max_script_bytes: z
      .int()
      .min(1024)
      .max(limitTable.scriptBytes.value)
      .default(limitTable.scriptBytes.value)
      .describe("octets of one script"),
    versions_kept: z.int().min(0).max(1000).default(10).describe("former texts that a script keeps"),
    connections: z.int().min(1).max(100_000).default(1000).describe("connections at once"),
    connections_per_address: z.int().min(1).max(100_000).default(50).describe("connections at once of one address"),
  })
  .describe("the ManageSieve service");

export type ScriptsConfig = Readonly<z.output<typeof scriptsConfig>>;
