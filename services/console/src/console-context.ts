import type { AddedRecipients, Answered, NewCircular, OneCircular, Revision, Written } from "@tamis/circulars";
import type { CircularAnswer, CircularAsk, CircularRecipient, ReceiptsAnswer, ReceiptsAsk } from "@tamis/contracts";
import type { Account, Language } from "@tamis/kit";
import type { LinkedFiles } from "./files/linked-files.ts";
import type { BodyRoom } from "./http/body.ts";
import type { IsTrusted } from "./http/peer.ts";
import type { ListRight } from "./lists/list-rights.ts";
import type { VisitorDeps } from "./sign-in/visitor.ts";

/** What lies behind the pages. Each throws `RetryLater` where nobody answers. */
export interface Behind {
  /** `timeoutMs`: where it is to be answered sooner, or may take longer, than is usual. */
  ask<Kind extends CircularAnswer["kind"]>(
    question: CircularAsk,
    kind: Kind,
    timeoutMs?: number,
  ): Promise<Answered<Kind>>;
  create(circular: NewCircular): Promise<Answered<"created">>;
  read(circular: OneCircular): Promise<Written | Extract<CircularAnswer, { readonly kind: "refused" }>>;
  revise(revision: Revision): Promise<Answered<"revised">>;
  add(adding: {
    readonly accountId: string;
    readonly id: string;
    readonly recipients: readonly CircularRecipient[];
    /** The name of the file that they come from. */
    readonly source?: string | undefined;
    readonly language: Language;
  }): Promise<AddedRecipients | Extract<CircularAnswer, { readonly kind: "refused" }>>;
  askReceipts(question: ReceiptsAsk): Promise<ReceiptsAnswer>;
}

/** A request and its answer, without an address, a name, or what was asked for. */
export interface Exchange {
  readonly method: string;
  /** `/circulars/:id`. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
  readonly requestId: string;
  /** Absent: nobody was signed in. */
  readonly accountId?: string;
}

/** What every page and every route of the API works with. */
export interface ConsoleContext extends VisitorDeps {
  readonly behind: Behind;
  readonly room: BodyRoom;
  /** `receipts` runs in this installation. */
  readonly followsReceipts: boolean;
  /** null: no attachments become links. */
  readonly files: LinkedFiles | null;
  /** How it is seen from outside, `https://console.example.org`. */
  readonly url: string;
  readonly isTrusted: IsTrusted;
  readonly language: Language;
  readonly timeZone: string;
  readonly maxBodyBytes: number;
  readonly sessionSeconds: number;
  readonly isSender: (account: Account) => boolean;
  /** The lists that a sender may write to. */
  readonly listsOf: (account: Account) => ListRight;
  readonly isOperator: (account: Account) => boolean;
  /** Resolves when a moment is over that every answer to a link to leave a list takes. */
  readonly moment: () => Promise<void>;
  /** Monotonic, ms. */
  readonly clock: () => number;
  /** One request was answered. */
  readonly onAnswered: (exchange: Exchange) => void;
  /** What nobody expected. */
  readonly onBug: (error: unknown, requestId: string) => void;
}
