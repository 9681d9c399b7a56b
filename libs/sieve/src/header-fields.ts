import type { HeaderField } from "@tamis/message";
import { FactsMissing, type RunState } from "./run-state.ts";

/** RFC 5322 §2.2: printable ASCII without the colon. */
const fieldName = /^[!-9;-~]+$/;

/** Whether a header field can have this name. */
export function isFieldName(name: string): boolean {
  return fieldName.test(name);
}

/** A cut mail whose header is not whole is needed whole. */
export function needHeader({ message }: RunState): void {
  if (!message.complete && !endsWithBlankLine(message.raw, message.bodyStart)) {
    throw new FactsMissing([{ kind: "whole-message" }]);
  }
}

const LF = 10;
const CR = 13;

/** Whether the header is whole: its blank line is there, though perhaps nothing behind it. */
export function endsWithBlankLine(raw: Uint8Array, bodyStart: number): boolean {
  if (bodyStart < raw.length) return true;
  if (bodyStart < 2 || raw[bodyStart - 1] !== LF) return false;
  const before = raw[bodyStart - 2] === CR ? bodyStart - 3 : bodyStart - 2;
  return before < 0 || raw[before] === LF;
}

/** The fields of one name in the top-level header. */
export function fieldsNamed(state: RunState, name: string): readonly HeaderField[] {
  needHeader(state);
  return state.message.headers(name);
}

/** The fields of one name in the header of the mail as it came, whatever the script changed. */
export function fieldsAsReceived(state: RunState, name: string): readonly HeaderField[] {
  needHeader(state);
  return state.original.headers(name);
}
