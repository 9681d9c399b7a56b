/** Why a list cannot be used. `away`: it may be there later. */
export type ListFaultCode =
  | "unknown"
  | "unnamed"
  | "too-deep"
  | "too-many"
  | "too-long"
  | "unreadable"
  | "too-large"
  | "changing"
  | "not-utf8"
  | "not-csv"
  | "no-column"
  | "column-twice"
  | "no-directory"
  | "ambiguous"
  | "away"
  | "sign-in"
  | "bad-url"
  | "directory";

/** A list that cannot be used: nothing of it is. */
export class ListFault extends Error {
  override readonly name = "ListFault";
  readonly code: ListFaultCode;
  /** As it was asked for, or as another list names it. */
  readonly list: string;
  /** More of it, for whoever mends it: a code of the system, a line, a way. */
  readonly detail: string;

  constructor(
    code: ListFaultCode,
    list: string,
    { detail = "", cause }: { readonly detail?: string; readonly cause?: unknown } = {},
  ) {
    super(`${list}: ${code}${detail === "" ? "" : ` (${detail})`}`, { cause });
    this.code = code;
    this.list = list;
    this.detail = detail;
  }
}
