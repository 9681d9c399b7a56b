import type { EnvelopePart, Extension } from "../extension.ts";
import type { EnvelopeExtras } from "../facts.ts";
import { asText } from "../program.ts";
import { parseZone, zoneOffset } from "../time-zone.ts";

type DeliverBy = NonNullable<EnvelopeExtras["deliverBy"]>;

function part(name: string, value: (by: DeliverBy) => string): EnvelopePart {
  return {
    name,
    needs: "envelope-deliverby",
    prepare:
      () =>
      ({ facts }) => {
        const { deliverBy } = facts.envelope;
        return deliverBy === undefined ? [] : [value(deliverBy)];
      },
  };
}

/** RFC 3339 §5.6 in capitals, an offset of zero as "Z". */
export function timestamp(time: number, offsetMinutes: number): string {
  const local = new Date(Math.floor(time / 1000) * 1000 + offsetMinutes * 60_000).toISOString().slice(0, 19);
  if (offsetMinutes === 0) return `${local}Z`;
  const two = (value: number): string => String(value).padStart(2, "0");
  const size = Math.abs(offsetMinutes);
  return `${local}${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const bytimeabsolute: EnvelopePart = {
  name: "bytimeabsolute",
  needs: "envelope-deliverby",
  prepare(args, preparation) {
    const zone = args["zone"] === undefined ? null : preparation.text(asText(args["zone"]));
    return (state) => {
      const { now, timeZone, envelope } = state.facts;
      if (envelope.deliverBy === undefined) return [];
      const time = now + envelope.deliverBy.secondsLeft * 1000;
      return [timestamp(time, parseZone(zone?.(state) ?? "") ?? zoneOffset(timeZone, time))];
    };
  },
};

/** By when the sender wanted the mail to arrive (RFC 6009 §5). */
export const envelopeDeliverby: Extension = {
  name: "envelope-deliverby",
  rfc: "RFC 6009 §5",
  state: "yes",
  envelopeParts: [
    bytimeabsolute,
    part("bytimerelative", ({ secondsLeft }) => String(Math.trunc(secondsLeft))),
    part("bymode", ({ mode }) => mode),
    part("bytrace", ({ trace }) => (trace ? "trace" : "")),
  ],
  tags: [
    {
      name: "zone",
      on: ["envelope"],
      kind: "string",
      check(value, _args, context) {
        if (typeof value !== "string" || parseZone(value) !== null) return;
        context.report({ code: "bad-zone", at: "zone", parameters: { zone: value } });
      },
    },
  ],
};
