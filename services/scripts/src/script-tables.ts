/** A stored script as lists show it. */
export interface ListedScript {
  readonly name: string;
  readonly octets: number;
  /** Epoch ms of the last change of its text. */
  readonly at: number;
  readonly active: boolean;
}

/** A stored script with its text. */
export interface ScriptText {
  readonly name: string;
  readonly text: string;
  readonly at: number;
  readonly active: boolean;
}

/** A text that a script had before. */
export interface FormerText {
  /** 1 = the first. */
  readonly number: number;
  readonly text: string;
  readonly at: number;
}

/** How many scripts an account may have. */
export interface Quota {
  readonly scripts: number;
}

/**
 * The scripts of all accounts: the truth. Whatever resolves is committed; while the database is away everything throws
 * `StoreUnavailable`.
 */
export interface ScriptTables {
  list(accountId: string): Promise<readonly ListedScript[]>;
  get(accountId: string, name: string): Promise<ScriptText | null>;
  /** The texts that `name` had before the present one, newest first. */
  formerTexts(accountId: string, name: string): Promise<readonly FormerText[]>;
  /** Whether a script of this name could be stored beside the others. */
  hasRoom(accountId: string, name: string, quota: Quota): Promise<boolean>;
  /** Stores a script that compiles; replacing the active one it stays active. */
  put(
    accountId: string,
    script: { readonly name: string; readonly text: string },
    quota: Quota,
  ): Promise<{ readonly kind: "stored"; readonly active: boolean } | { readonly kind: "too-many" }>;
  /** `null`: none is to be active. */
  activate(accountId: string, name: string | null): Promise<"done" | "missing">;
  delete(accountId: string, name: string): Promise<"deleted" | "missing" | "active">;
  rename(accountId: string, from: string, to: string): Promise<"renamed" | "missing" | "exists">;
}
