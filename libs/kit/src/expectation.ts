import { z } from "zod";
import type { Path } from "./located-yaml.ts";

/** The parts of JSON Schema that our schemas use. */
interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
}

/** What a schema wants at a place, in words for whoever writes the file. */
export interface Expectations {
  /** Keys that may stand under `path`. */
  keysAt(path: Path): readonly string[];
  /** `a whole number from 1 to 65535: port of the IMAP server (default 993)`; empty where nothing is known. */
  at(path: Path): string;
}

/** `value` is what was read: it decides which branch of a union is meant. */
export function expectationsOf(schema: z.ZodType, value: unknown): Expectations {
  // Proof: toJSONSchema gives JSON Schema, of which Shape names the parts we read.
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Shape;
  return {
    keysAt: (path) => [...new Set(shapesAt(root, path, value).flatMap((shape) => Object.keys(shape.properties ?? {})))],
    at: (path) => {
      const shapes = shapesAt(root, path, value);
      return [...new Set(shapes.map(inWords))].filter((words) => words !== "").join("; or ");
    },
  };
}

function shapesAt(root: Shape, path: Path, value: unknown): Shape[] {
  let shapes = branches(root, value);
  let here = value;
  for (const part of path) {
    here = member(here, part);
    const inside = here;
    shapes = shapes.flatMap((shape) => childrenOf(shape, part)).flatMap((shape) => branches(shape, inside));
  }
  return shapes;
}

function childrenOf(shape: Shape, part: PropertyKey): readonly Shape[] {
  const property = shape.properties?.[String(part)];
  if (property !== undefined) return [property];
  if (typeof part === "number" && shape.items !== undefined) return [shape.items];
  return typeof shape.additionalProperties === "object" ? [shape.additionalProperties] : [];
}

/** The branches of a union that fit the constants in `value`; all where none does. */
function branches(shape: Shape, value: unknown): Shape[] {
  const options = shape.oneOf ?? shape.anyOf;
  if (options === undefined || options.every(({ properties }) => properties === undefined)) return [shape];
  const fitting = options.filter(({ properties = {} }) =>
    Object.entries(properties).every(
      ([key, { const: wanted }]) => wanted === undefined || member(value, key) === wanted,
    ),
  );
  return fitting.length > 0 ? fitting : [...options];
}

function member(value: unknown, part: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined;
}

function inWords(shape: Shape): string {
  const known = shape.default === undefined ? "" : ` (default ${JSON.stringify(shape.default)})`;
  return [kindInWords(shape), shape.description].filter(Boolean).join(": ") + known;
}

function kindInWords(shape: Shape): string {
  const options = shape.enum ?? shape.anyOf?.map(({ const: only }) => only);
  if (shape.const !== undefined) return String(shape.const);
  if (options?.every((option) => option !== undefined)) return `one of ${options.join(", ")}`;
  switch (shape.type) {
    case "integer":
      return `a whole number${boundsInWords(shape)}`;
    case "number":
      return `a number${boundsInWords(shape)}`;
    case "boolean":
      return "true or false";
    case "string":
      return "a text";
    case "array":
      return "a list";
    case "object":
      return objectInWords(shape);
    default:
      return "";
  }
}

function objectInWords({ properties }: Shape): string {
  const keys = Object.keys(properties ?? {});
  return keys.length === 0 ? "keys and their values" : `the keys ${keys.join(", ")}`;
}

function boundsInWords({ minimum, maximum }: Shape): string {
  const from = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? "" : ` from ${minimum}`;
  return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? from : `${from} to ${maximum}`;
}
