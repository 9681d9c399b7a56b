import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readServiceArguments, type ServiceRequest } from "./service-arguments.ts";

const cases: readonly {
  name: string;
  args: readonly string[];
  environment?: Record<string, string>;
  want: ServiceRequest;
}[] = [
  { name: "nothing", args: [], want: { kind: "run", config: "tamis.yaml" } },
  {
    name: "the variable",
    args: [],
    environment: { TAMIS_CONFIG: "/etc/t.yaml" },
    want: { kind: "run", config: "/etc/t.yaml" },
  },
  {
    name: "the flag before the variable",
    args: ["--config", "a.yaml"],
    environment: { TAMIS_CONFIG: "b" },
    want: { kind: "run", config: "a.yaml" },
  },
  { name: "check", args: ["--config=a.yaml", "--check-config"], want: { kind: "check-config", config: "a.yaml" } },
  { name: "doctor", args: ["--doctor"], want: { kind: "doctor", config: "tamis.yaml" } },
  { name: "help", args: ["-h", "--doctor"], want: { kind: "help" } },
];

describe("the flags of a service", () => {
  for (const { name, args, environment = {}, want } of cases)
    it(name, () => assert.deepEqual(readServiceArguments(args, environment), want));

  for (const args of [["--confg", "x"], ["run"], ["--config"], ["--doctor=yes"]]) {
    it(`${args.join(" ")} is wrong`, () => assert.equal(readServiceArguments(args, {}).kind, "wrong"));
  }
});
