import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import type { Secret } from "@tamis/kit";
import type { Client, ClientOptions } from "ldapts";
import { ListFault } from "../list-fault.ts";

/** Where the directory is, and as whom it is asked. */
export interface DirectorySettings {
  readonly url: string;
  readonly tls: "implicit" | "starttls" | "none";
  readonly ca_file?: string | undefined;
  readonly bind_dn?: string | undefined;
  readonly password?: Secret | undefined;
  readonly timeout_ms: number;
  readonly page_size: number;
}

/** One search; a name that is none has no entries. */
export interface DirectorySearch {
  readonly base: string;
  readonly scope: "base" | "one" | "sub";
  readonly filter: string;
  readonly attributes: readonly string[];
  /** Attributes whose values are octets and no text: `userCertificate;binary` (RFC 4522). */
  readonly binary?: readonly string[];
  /** Entries after which it is too many. */
  readonly most: number;
}

/** An entry: values of an attribute by its name in small letters. */
export interface DirectoryEntry {
  readonly dn: string;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** With the values of what was asked for in `binary`. */
export interface BinaryEntry extends DirectoryEntry {
  readonly octets: ReadonlyMap<string, readonly Uint8Array[]>;
}

/** Loaded by those alone who have a directory. */
const ldapts = () => import("ldapts");

/** A directory (RFC 4511), connected and signed in when it is first asked. References to other servers are not followed. */
export class Directory {
  readonly #settings: DirectorySettings;
  #client: Promise<Client> | null = null;
  #socket: Socket | null = null;

  constructor(settings: DirectorySettings) {
    this.#settings = settings;
  }

  /** All entries, page by page (RFC 2696). Throws a {@link ListFault}: `list` is what it is asked for. */
  async search(
    list: string,
    { base, scope, filter, attributes, binary = [], most }: DirectorySearch,
  ): Promise<readonly BinaryEntry[]> {
    const client = await this.#connected(list);
    const entries: BinaryEntry[] = [];
    try {
      const pages = client.searchPaginated(base, {
        scope,
        filter,
        attributes: [...attributes, ...binary],
        explicitBufferAttributes: [...binary],
        paged: { pageSize: this.#settings.page_size },
      });
      for await (const { searchEntries } of pages) {
        for (const { dn, ...values } of searchEntries) entries.push({ dn, ...valuesOf(values) });
        if (entries.length > most) throw new ListFault("too-many", list);
      }
      return entries;
    } catch (error) {
      if (error instanceof (await ldapts()).NoSuchObjectError) return [];
      throw await faultOf(error, list);
    }
  }

  /** Lets go of it at once, whatever is under way. */
  async close(): Promise<void> {
    this.#client = null;
    this.#socket?.destroy();
    this.#socket = null;
  }

  #connected(list: string): Promise<Client> {
    this.#client ??= this.#connect(list);
    return this.#client;
  }

  async #connect(list: string): Promise<Client> {
    const { url, tls, ca_file: caFile, bind_dn: bindDn, password, timeout_ms: timeout } = this.#settings;
    const tlsOptions = caFile === undefined ? {} : { ca: [readFileSync(caFile)] };
    const client = new (await ldapts()).Client({
      ...{ url, timeout, connectTimeout: timeout },
      // Given any, it begins in TLS whatever the URL says.
      ...(tls === "implicit" ? { tlsOptions } : {}),
      ...this.#oneConnection(tls),
    });
    try {
      // The name that its certificate has to have.
      if (tls === "starttls") await client.startTLS({ ...tlsOptions, host: new URL(url).hostname });
      if (bindDn !== undefined) await client.bind(bindDn, password?.reveal() ?? "");
      return client;
    } catch (error) {
      await this.close();
      throw await faultOf(error, list);
    }
  }

  /**
   * A client of ldapts that loses its connection makes another without a word: as nobody, and not in TLS. What is found from then on would
   * be less than there is, or nothing.
   */
  #oneConnection(tls: DirectorySettings["tls"]): Pick<ClientOptions, "createConnection" | "createSecureConnection"> {
    const once = <T extends (...values: never[]) => Socket>(make: T): T => {
      let isUsed = false;
      const guarded = (...values: Parameters<T>): Socket => {
        if (isUsed) throw new Error("the connection was lost");
        isUsed = true;
        this.#socket = make(...values);
        return this.#socket;
      };
      // Proof: it hands on whatever it is given, and gives back what comes.
      return guarded as T;
    };
    // STARTTLS goes on in the connection that there is.
    return tls === "implicit" ? { createSecureConnection: once(connectSecurely) } : { createConnection: once(connect) };
  }
}

type Values = Readonly<Record<string, Buffer | Buffer[] | string[] | string>>;

function valuesOf(found: Values): Omit<BinaryEntry, "dn"> {
  const values = new Map<string, readonly string[]>();
  const octets = new Map<string, readonly Uint8Array[]>();
  for (const [name, value] of Object.entries(found)) {
    const all: readonly (Buffer | string)[] = Array.isArray(value) ? value : [value];
    values.set(
      name.toLowerCase(),
      all.map(String).filter((one) => one !== ""),
    );
    octets.set(
      name.toLowerCase(),
      all.filter((one) => typeof one !== "string"),
    );
  }
  return { values, octets };
}

async function faultOf(error: unknown, list: string): Promise<ListFault> {
  if (error instanceof ListFault) return error;
  const { InvalidCredentialsError, ResultCodeError } = await ldapts();
  if (error instanceof InvalidCredentialsError) return new ListFault("sign-in", list, { cause: error });
  const detail = error instanceof Error ? error.message : String(error);
  return new ListFault(error instanceof ResultCodeError ? "directory" : "away", list, { detail, cause: error });
}
