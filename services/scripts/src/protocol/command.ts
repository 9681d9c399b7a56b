import type { Token } from "./line-reader.ts";
import type { ResponseCode } from "./response.ts";
import { isScriptName } from "./script-name.ts";

/** A command with its arguments read (RFC 5804 §2). */
export type Command =
  | { readonly verb: "AUTHENTICATE"; readonly mechanism: string; readonly initial: Uint8Array | null }
  | { readonly verb: "STARTTLS" | "LOGOUT" | "CAPABILITY" | "UNAUTHENTICATE" }
  | { readonly verb: "LISTSCRIPTS" }
  | { readonly verb: "NOOP"; readonly tag: string | null }
  | { readonly verb: "HAVESPACE"; readonly name: string; readonly octets: number }
  | { readonly verb: "PUTSCRIPT"; readonly name: string; readonly text: string }
  | { readonly verb: "CHECKSCRIPT"; readonly text: string }
  /** `null`: no script is to be active. */
  | { readonly verb: "SETACTIVE"; readonly name: string | null }
  | { readonly verb: "GETSCRIPT" | "DELETESCRIPT"; readonly name: string }
  | { readonly verb: "RENAMESCRIPT"; readonly from: string; readonly to: string };

export type Verb = Command["verb"];

/** Why a command cannot be carried out, to be told in the language of the installation. */
export type CommandFault =
  | "unknown-command"
  | "wrong-arguments"
  | "bad-name"
  | "script-not-utf8"
  | "script-has-nul"
  | "script-too-big"
  | "script-empty";

export type ReadCommand =
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "fault"; readonly verb: Verb | null; readonly fault: CommandFault; readonly code?: ResponseCode };

type Arguments = readonly Token[];
/** `null`: the arguments are not what the command wants. */
type Reader = (args: Arguments) => Command | CommandFault | null;

const bytesOf = (token: Token | undefined): Uint8Array | null => (token?.kind === "string" ? token.bytes : null);

function textOf(token: Token | undefined): string | null {
  const bytes = bytesOf(token);
  if (bytes === null) return null;
  try {
    // The mark stays: a script is given back as it came.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

const bare =
  (verb: "STARTTLS" | "LOGOUT" | "CAPABILITY" | "LISTSCRIPTS" | "UNAUTHENTICATE"): Reader =>
  (args) =>
    args.length === 0 ? { verb } : null;

const named =
  (verb: "GETSCRIPT" | "DELETESCRIPT"): Reader =>
  (args) =>
    args.length === 1 ? withName(args[0], (name) => ({ verb, name })) : null;

function withName(token: Token | undefined, then: (name: string) => Command | CommandFault | null) {
  if (token?.kind !== "string" && token?.kind !== "oversized") return null;
  const name = textOf(token);
  return name !== null && isScriptName(name) ? then(name) : "bad-name";
}

function withScript(token: Token | undefined, then: (text: string) => Command): Command | CommandFault | null {
  if (token?.kind === "oversized") return "script-too-big";
  if (token?.kind !== "string") return null;
  const text = textOf(token);
  if (text === null) return "script-not-utf8";
  return text.includes("\0") ? "script-has-nul" : then(text);
}

const readers: Readonly<Record<Verb, Reader>> = {
  AUTHENTICATE(args) {
    const [mechanism, initial] = [textOf(args[0]), args[1] === undefined ? null : bytesOf(args[1])];
    if (mechanism === null || args.length > 2 || (args.length === 2 && initial === null)) return null;
    return { verb: "AUTHENTICATE", mechanism: mechanism.toUpperCase(), initial };
  },
  STARTTLS: bare("STARTTLS"),
  LOGOUT: bare("LOGOUT"),
  CAPABILITY: bare("CAPABILITY"),
  LISTSCRIPTS: bare("LISTSCRIPTS"),
  UNAUTHENTICATE: bare("UNAUTHENTICATE"),
  NOOP(args) {
    const tag = args.length === 0 ? null : textOf(args[0]);
    return args.length > 1 || (args.length === 1 && tag === null) ? null : { verb: "NOOP", tag };
  },
  HAVESPACE(args) {
    const [name, size] = args;
    if (args.length !== 2 || size?.kind !== "number") return null;
    return withName(name, (text) => ({ verb: "HAVESPACE", name: text, octets: size.value }));
  },
  PUTSCRIPT: (args) =>
    args.length !== 2
      ? null
      : withName(args[0], (name) => withScript(args[1], (text) => ({ verb: "PUTSCRIPT", name, text }))),
  CHECKSCRIPT: (args) => (args.length === 1 ? withScript(args[0], (text) => ({ verb: "CHECKSCRIPT", text })) : null),
  SETACTIVE(args) {
    if (args.length !== 1) return null;
    // RFC 5804 §2.8: the empty name disables.
    if (bytesOf(args[0])?.length === 0) return { verb: "SETACTIVE", name: null };
    return withName(args[0], (name) => ({ verb: "SETACTIVE", name }));
  },
  GETSCRIPT: named("GETSCRIPT"),
  DELETESCRIPT: named("DELETESCRIPT"),
  RENAMESCRIPT: (args) =>
    args.length === 2
      ? withName(args[0], (from) => withName(args[1], (to) => ({ verb: "RENAMESCRIPT", from, to })))
      : null,
};

/** The verb of a command; its case does not matter. */
function verbOf(token: Token | undefined): Verb | null {
  const text = token?.kind === "atom" ? token.text.toUpperCase() : "";
  // Proof: own keys of `readers` are the verbs.
  return Object.hasOwn(readers, text) ? (text as Verb) : null;
}

/** Reads a line as a command. Never throws. */
export function readCommand([first, ...args]: readonly Token[]): ReadCommand {
  const verb = verbOf(first);
  if (verb === null) return { kind: "fault", verb, fault: "unknown-command" };
  const read = readers[verb](args) ?? "wrong-arguments";
  if (typeof read === "object") return emptyScript(read) ?? { kind: "command", command: read };
  return {
    kind: "fault",
    verb,
    fault: read,
    ...(read === "script-too-big" && verb === "PUTSCRIPT" ? { code: "QUOTA/MAXSIZE" } : {}),
  };
}

/** RFC 5804 §2.6: a script of no length is not stored. */
function emptyScript(command: Command): ReadCommand | null {
  const isEmpty = command.verb === "PUTSCRIPT" && command.text === "";
  return isEmpty ? { kind: "fault", verb: command.verb, fault: "script-empty" } : null;
}

/** A line of a SASL exchange (RFC 5804 §2.1): one string; `null` where it is something else, or cancels with `*`. */
export function readSaslResponse(tokens: readonly Token[]): Uint8Array | null {
  const bytes = tokens.length === 1 ? bytesOf(tokens[0]) : null;
  return bytes === null ? null : decodeBase64(bytes);
}

/** RFC 4648 §4, strictly: what a lenient reader makes of garbage is nobody's password. */
export function decodeBase64(bytes: Uint8Array): Uint8Array | null {
  const text = Buffer.from(bytes).toString("latin1");
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, "base64") : null;
}
