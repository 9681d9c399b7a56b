import { createHash } from "node:crypto";
import type { CircularDraftHead, DraftedCircular } from "@tamis/contracts";
import { encryptedZip, makePassword } from "@tamis/sealing";
import { type AttachmentsSettings, type Objects, ObjectsUnavailable } from "@tamis/store";
import { makeObjectName } from "@tamis/tokens";
import type { LinkedFiles } from "../../tables/linked-files.ts";
import type { Language } from "../../texts.ts";
import { archiveName } from "./attachment-texts.ts";
import type { SensitiveRule } from "./config.ts";
import type { KeptDraft, KeptFile, KeptLink } from "./kept-draft.ts";
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

/** A link before its octets are stored. */
type NewLink = KeptLink & { readonly octets: Uint8Array };

/** Takes the attachments of a draft apart: those that are secret, encrypted for whoever has no certificate, and those that become links. */
export class DraftDesk {
  readonly #options: DraftDeskOptions;

  constructor(options: DraftDeskOptions) {
    this.#options = options;
  }

  /** `senders`: who writes, and whose account it is. Nothing is stored yet. */
  async take({ head, attachments }: DraftedCircular, senders: readonly string[]): Promise<TakenDraft> {
    const { sensitive } = this.#options;
    const all = head.attachments.map((named, index) => ({ named, file: fileOf(named, attachments[index]) }));
    const isSensitive = ({ named }: (typeof all)[number]): boolean => isSecret(named, senders, sensitive);
    const secrets = all.filter(isSensitive).map(({ file }) => file);
    const open = all.filter((one) => !isSensitive(one)).map(({ file }) => this.#linked(file));
    const made = await this.#archive(secrets);
    const archive = made === null ? null : this.#linked(made.file);
    const links = [...open, ...(archive === null ? [] : [archive])].filter(isNewLink);
    return {
      draft: {
        head,
        files: open.filter(isFile),
        links: open.filter(isNewLink).map(withoutOctets),
        secrets,
        archive: archive === null || !isNewLink(archive) ? archive : withoutOctets(archive),
      },
      password: made?.password ?? null,
      objects: links.map(({ object }) => object),
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
    const { filename, octets } = file;
    if (settings === undefined || octets.length <= settings.link_above_bytes) return file;
    const sha256 = createHash("sha256").update(octets).digest("hex");
    const { url, expire_days: days } = settings;
    return { filename, size: octets.length, sha256, object: makeObjectName(), url, days, octets };
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

const isNewLink = (one: KeptFile | NewLink): one is NewLink => "object" in one;

const withoutOctets = ({ octets: _, ...link }: NewLink): KeptLink => link;
