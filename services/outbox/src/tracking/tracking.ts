import { makeToken, readToken, type TokenKeys } from "@tamis/tokens";
import { type BounceSettings, bounceAddress } from "./config.ts";
import { subaddressOf } from "./subaddressing.ts";

/** How a report that comes back names the recipient that it is about. */
export interface Tracking {
  /** The token of a recipient, made with the keys of now. */
  tokenOf(recipient: number): string;
  /** The token in the Message-ID that the recipient was given when it was added, whatever keys there are by now; null: it has none. */
  tokenIn(messageId: string, recipient: number): string | null;
  /** Where reports on a token come back to. */
  addressOf(token: string): string;
  /** Where reports on a token come back to whose author wants to have them himself: a subaddress of his. */
  subaddressOf(author: string, token: string): string;
  /** RFC 3461 §4.1: which reports are asked for. */
  readonly notify: readonly string[];
}

export interface TrackingSettings extends BounceSettings {
  readonly success: boolean;
}

/** Tracking with these settings; null where there are none, and nothing is tracked. `keys`: those of the moment. */
export function openTracking(settings: TrackingSettings | undefined, keys: () => TokenKeys): Tracking | null {
  if (settings === undefined) return null;
  return {
    tokenOf: (recipient) => makeToken(String(recipient), keys()),
    tokenIn(messageId, recipient) {
      const token = localPartOf(messageId);
      return readToken(token, keys()) === String(recipient) ? token : null;
    },
    addressOf: (token) => bounceAddress(settings, token),
    subaddressOf: (author, token) => subaddressOf(author, settings.separator, token),
    notify: [...(settings.success ? ["SUCCESS"] : []), "FAILURE", "DELAY"],
  };
}

/** What stands before the @ of a Message-ID with angle brackets (RFC 5322 §3.6.4). */
export const localPartOf = (messageId: string): string => messageId.slice(1, messageId.lastIndexOf("@"));
