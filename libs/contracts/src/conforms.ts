import type { z } from "zod";

type Check = (value: unknown) => boolean;

const checks = new WeakMap<z.core.$ZodType, Check>();

/**
 * Whether a value is just as the schema says, without a key more: parsing would give an equal one back, at ten times the
 * price. False says nothing: parse it, and zod tells. For plain data, as JSON has it.
 */
export function conforms<T>(schema: z.ZodType<T>, value: unknown): value is T {
  return checkOf(schema)(value);
}

/** As `schema.parse`, at that price only where the value does not conform. Throws `ZodError`. */
export function parseAs<T>(schema: z.ZodType<T>, value: unknown): T {
  return conforms(schema, value) ? value : schema.parse(value);
}

function checkOf(schema: z.core.$ZodType): Check {
  const known = checks.get(schema);
  if (known !== undefined) return known;
  const check = makeCheck(schema);
  checks.set(schema, check);
  return check;
}

/** What is not known here conforms to nothing: then zod looks at it. */
const NEVER: Check = () => false;

function makeCheck(schema: z.core.$ZodType): Check {
  // Proof: zod's own union of all its schemas, told apart by `type`; one that is none of them ends in the default.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const { checks: limits = [] } = def;
  switch (def.type) {
    case "string":
      return limited((value) => typeof value === "string", limits, "format" in def);
    case "number":
      return limited((value) => Number.isFinite(value), limits, "format" in def);
    case "array":
      return limited(eachIs(checkOf(def.element)), limits);
    case "object":
      return limited(fieldsAre(def.shape), limits, def.catchall !== undefined);
    case "boolean":
      return limited((value) => typeof value === "boolean", limits);
    case "literal":
      return limited(oneOf(def.values), limits);
    case "enum":
      return limited(oneOf(Object.values(def.entries)), limits);
    case "optional":
      return limited(anyOf([(value) => value === undefined, checkOf(def.innerType)]), limits);
    case "readonly":
      return limited(checkOf(def.innerType), limits);
    case "union":
      return limited(anyOf(def.options.map(checkOf)), limits);
    default:
      return NEVER;
  }
}

/** `more`: the schema asks for something besides. */
function limited(is: Check, limits: readonly z.core.$ZodCheck<never>[], more = false): Check {
  if (more) return NEVER;
  return limits.map(limitOf).reduce(
    (all, holds): Check =>
      (value) =>
        all(value) && holds(value),
    is,
  );
}

/** Asked only of a value of the right type. */
function limitOf(limit: z.core.$ZodCheck<never>): Check {
  // Proof: as above, told apart by `check`.
  const { def } = (limit as z.core.$ZodChecks)._zod;
  switch (def.check) {
    case "number_format":
      return def.format === "safeint" ? Number.isSafeInteger : NEVER;
    case "greater_than":
      return def.inclusive
        ? (value) => Number(value) >= Number(def.value)
        : (value) => Number(value) > Number(def.value);
    case "min_length":
      return (value) => (Array.isArray(value) || typeof value === "string") && value.length >= def.minimum;
    default:
      return NEVER;
  }
}

function eachIs(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (const element of value) if (!check(element)) return false;
    return true;
  };
}

function fieldsAre(shape: z.core.$ZodShape): Check {
  const fields = Object.entries(shape).map(([name, schema]) => ({ name, check: checkOf(schema) }));
  return (value) => {
    if (!isRecord(value)) return false;
    let left = 0;
    for (const _name in value) left += 1;
    for (const { name, check } of fields) {
      const field = value[name];
      if (!check(field)) return false;
      if (field !== undefined || Object.hasOwn(value, name)) left -= 1;
    }
    return left === 0;
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const oneOf =
  (values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);

function anyOf(options: readonly Check[]): Check {
  return (value) => {
    for (const check of options) if (check(value)) return true;
    return false;
  };
}
