import { createHash } from "node:crypto";
import type { CircularDraftHead, DraftedCircular } from "@tamis/contracts";
import { encryptedZip, makePassword } from "@tamis/sealing";
import { type AttachmentsSettings, type Objects, ObjectsUnavailable } from "@tamis/store";
import { makeObjectName } from "@tamis/tokens";
import type { LinkedFiles } from "../../tables/linked-files.ts";
import type { Language } from "../../texts.ts";
import { archiveName } from "./attachment-texts.ts";
import type { SensitiveRule } from "./config.ts";
import { type KeptDraft, type KeptFile, type KeptLink, staying } from "./kept-draft.ts";
import { isSecret } from "./sensitive.ts";

export interface DraftDeskOptions {
  /** null: nothing becomes a link. */
  readonly links: { readonly settings: AttachmentsSettings; readonly objects: Objects } | null;
  readonly files: Pick<LinkedFiles, "announce">;
  readonly sensitive: readonly SensitiveRule[];
  /** Whether those without a certificate get an archive. */
  readonly archives: boolean;
  readonly language: Language;
  readonly now: () => Date;
}

/** What became of a draft's attachments. */
export interface TakenDraft {
  readonly draft: KeptDraft;
  /** Of the archive; kept nowhere. */
  readonly password: string | null;
  /** Names in the store, to be the circular's. */
  readonly objects: readonly string[];
  /** Stores what becomes links; resolves with null when it is stored, else with what is wrong with the store. */
  store(): Promise<string | null>;
}

/** What was written before, and which of its attachments stay. */
export interface Staying {
  readonly before: KeptDraft;
  readonly places: ReadonlySet<number>;
}

/** A link before its octets are stored. */
type NewLink = KeptLink & { readonly octets: Uint8Array };

/** Takes the attachments of a draft apart: those that are secret, encrypted for whoever has no certificate, and those that become links. */
export class DraftDesk {
  readonly #options: DraftDeskOptions;

  constructor(options: DraftDeskOptions) {
    this.#options = options;
  }

  /** The name of a link that stays, though it is secret by what is written now, or by the rules that are now: it is stored in the clear. null: none is. */
  secretLink({ before, places }: Staying, senders: readonly string[]): string | null {
    const { sensitive } = this.#options;
    const isOne = ({ filename, type }: KeptLink): boolean =>
      type === undefined
        ? sensitive.some(({ type: _, ...rule }) => isSecret({ filename, type: "" }, senders, [rule]))
        : isSecret({ filename, type }, senders, sensitive);
    return staying(before, places).links.find(isOne)?.filename ?? null;
  }

  /** `senders`: who writes, and whose account it is; `old`: what stays of what was written before. Nothing is stored yet. */
  async take(
    { head, attachments }: DraftedCircular,
    senders: readonly string[],
    old: Staying | null = null,
  ): Promise<TakenDraft> {
    const { sensitive } = this.#options;
    const kept = old === null ? NOTHING : staying(old.before, old.places);
    const all = [
      ...kept.files.map((file) => ({ named: file, file })),
      ...kept.secrets.map((file) => ({ named: { ...file, secret: true }, file })),
      ...head.attachments.map((named, index) => ({ named, file: fileOf(named, attachments[index]) })),
    ];
    const isSensitive = ({ named }: (typeof all)[number]): boolean => isSecret(named, senders, sensitive);
    const secrets = all.filter(isSensitive).map(({ file }) => file);
    const open = all.filter((one) => !isSensitive(one)).map(({ file }) => this.#linked(file));
    const same = old !== null && isSame(secrets, old.before.secrets) ? old.before.archive : null;
    const made = same === null ? await this.#archive(secrets) : null;
    const archive = made === null ? same : this.#linked(made.file);
    const links = [...open, ...(archive === null ? [] : [archive])].filter(isNewLink);
    const draft = {
      head,
      files: open.filter(isFile),
      links: [...kept.links, ...open.filter(isNewLink).map(withoutOctets)],
      secrets,
      archive: archive === null || !isNewLink(archive) ? archive : withoutOctets(archive),
    };
    return {
      draft,
      password: made?.password ?? null,
      objects: objectsOf(draft),
      store: () => this.#store(links),
    };
  }

  async #archive(secrets: readonly KeptFile[]): Promise<{ readonly file: KeptFile; readonly password: string } | null> {
    const { archives, language, now } = this.#options;
    if (secrets.length === 0 || !archives) return null;
    const password = makePassword();
    const octets = await encryptedZip(secrets, { password, date: now() });
    return { file: { filename: archiveName[language], type: "application/zip", octets }, password };
  }

  #linked(file: KeptFile): KeptFile | NewLink {
    const settings = this.#options.links?.settings;
    const { filename, type, octets } = file;
    if (settings === undefined || octets.length <= settings.link_above_bytes) return file;
    const sha256 = createHash("sha256").update(octets).digest("hex");
    const { url, expire_days: days } = settings;
    return { filename, type, size: octets.length, sha256, object: makeObjectName(), url, days, octets };
  }

  async #store(links: readonly NewLink[]): Promise<string | null> {
    const { links: place, files, now } = this.#options;
    if (place === null || links.length === 0) return null;
    // First that they may be there: what is put and taken by no circular is found again by that.
    await files.announce(links, now());
    try {
      for (const { object, octets } of links) await place.objects.put(object, octets);
      return null;
    } catch (error) {
      if (error instanceof ObjectsUnavailable) return error.code;
      throw error;
    }
  }
}

type Named = CircularDraftHead["attachments"][number];

const fileOf = ({ filename, type }: Named, octets: Uint8Array = new Uint8Array()): KeptFile => ({
  filename,
  type,
  octets,
});

const isFile = (one: KeptFile | NewLink): one is KeptFile => !isNewLink(one);

const isNewLink = (one: KeptFile | KeptLink | NewLink): one is NewLink => "object" in one && "octets" in one;

const NOTHING: ReturnType<typeof staying> = { files: [], links: [], secrets: [] };

/** The very same files: none came, and none went. */
const isSame = (some: readonly KeptFile[], others: readonly KeptFile[]): boolean =>
  some.length === others.length && some.every((file, index) => file === others[index]);

/** Whatever a draft has in the store. */
const objectsOf = ({ links, archive }: Pick<KeptDraft, "links" | "archive">): readonly string[] =>
  [...links, ...(archive !== null && "object" in archive ? [archive] : [])].map(({ object }) => object);

const withoutOctets = ({ octets: _, ...link }: NewLink): KeptLink => link;
