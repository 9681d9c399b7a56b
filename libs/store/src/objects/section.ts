import { newPath, secret } from "@tamis/kit";
import { z } from "zod";

const folder = z
  .strictObject({
    kind: z.literal("folder").describe("objects in a folder"),
    dir: newPath("the folder; shared by all instances"),
  })
  .describe("a folder");

const isLoopback = (url: string): boolean => /^http:\/\/(127\.\d+\.\d+\.\d+|\[::1\]|localhost)[:/]/.test(`${url}/`);

const s3 = z
  .strictObject({
    kind: z.literal("s3").describe("objects in a bucket that speaks S3"),
    endpoint: z
      .url()
      .refine((url) => url.startsWith("https://") || isLoopback(url), "not https, which only loopback may do without")
      .describe("https://s3.example.org"),
    bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "not the name of a bucket"),
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, "not the name of a region")
      .default("us-east-1")
      .describe("as the service calls it"),
    prefix: z
      .string()
      .regex(/^([a-z0-9._-]+\/)*$/, "not a path: tamis/files/")
      .default("")
      .describe("stands before the names of objects: tamis/"),
    keys: z
      .strictObject({ id: z.string().min(1).max(200), secret: secret("the secret access key") })
      .describe("the access key; it needs PutObject, GetObject, DeleteObject"),
  })
  .describe("a bucket");

/** Where objects are kept. */
export const objectsSection = z.discriminatedUnion("kind", [folder, s3]).describe("where objects are kept");
export type ObjectsSettings = Readonly<z.output<typeof objectsSection>>;
export type S3Settings = Extract<ObjectsSettings, { readonly kind: "s3" }>;

/** `outbox.circulars.attachments`: what `outbox` stores and links to, and who answers HTTP hands out. */
export const attachmentsSection = z
  .strictObject({
    link_above_bytes: z
      .int()
      .min(0)
      .max(1_073_741_824)
      .default(5_242_880)
      .describe("attachments that are longer are stored, and the mail has a link"),
    url: z
      .string()
      .regex(/^https?:\/\/[\w.:[\]-]+(\/[\w.~-]+)*\/?$/, "not a URL without query and fragment")
      .transform((url) => url.replace(/\/$/, ""))
      .describe("what links begin with: https://files.example.org/f"),
    expire_days: z.int().min(1).max(365).default(30).describe("how long links work, from when the mail was made"),
    store: objectsSection,
  })
  .describe("attachments that become links");
export type AttachmentsSettings = Readonly<z.output<typeof attachmentsSection>>;
