import { createHmac } from "node:crypto";
import type { CircularReceipts } from "@tamis/contracts";
import type { OutboxConfig } from "../config.ts";
import { routeOf } from "../route-of.ts";
import type { Tracking } from "../tracking/tracking.ts";

/** Makes the Message-IDs of circulars (RFC 5322 §3.6.4), with angle brackets. */
export interface MessageIds {
  /** Nobody can guess the one of another number. */
  of(number: number): string;
  /** Of a recipient, once and for all: with a token where receipts are followed. */
  ofRecipient(recipient: number, receipts: CircularReceipts): string;
}

/** `key`: hex, kept for ever. */
export function openMessageIds(key: string, { circulars, relay }: OutboxConfig, tracking: Tracking | null): MessageIds {
  const domain = circulars.domain ?? routeOf(relay).name;
  const host = domain.startsWith("[") ? "localhost" : domain;
  const of = (number: number): string => {
    const mark = createHmac("sha256", Buffer.from(key, "hex")).update(String(number)).digest("hex").slice(0, 20);
    return `<${number.toString(36)}.${mark}@${host}>`;
  };
  return {
    of,
    ofRecipient: (recipient, receipts) =>
      tracking === null || receipts === "none" ? of(recipient) : `<${tracking.tokenOf(recipient)}@${host}>`,
  };
}
