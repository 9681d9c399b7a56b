import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { decide, decisionText, mailOf, outcomeOf, plainFacts, plainMail, programOf } from "../test/decide.ts";
import { run } from "./interpreter.ts";
import { allOf, anyOf, type Guard } from "./rule-index.ts";

const many = Array.from({ length: 20 }, (_, index) => `if header :is "x-id" "${index}" { fileinto "I${index}"; }`).join(
  "\n",
);
const rare = Array.from(
  { length: 20 },
  (_, index) => `if header :contains "x-h${index}" "v" { fileinto "H${index}"; }`,
).join("\n");
const head = 'require ["fileinto", "body", "relational", "comparator-i;ascii-numeric", "variables"];\n';

describe("a block with many rules", () => {
  const cases: readonly {
    readonly name: string;
    readonly script: string;
    readonly mail: string;
    readonly want: readonly string[];
  }[] = [
    {
      name: "runs those whose keys are there, in the order of the script",
      script: `${many}\n${many.replaceAll('"I', '"J')}`,
      mail: mailOf("X-Id: 7", "X-Id: 3", "", ""),
      want: ["fileinto I3", "fileinto I7", "fileinto J3", "fileinto J7"],
    },
    {
      name: "runs those whose header fields are there",
      script: rare,
      mail: mailOf("X-H9: v", "x-h2: v", "X-H3: none", "", ""),
      want: ["fileinto H2", "fileinto H9"],
    },
    {
      name: "runs what is not guarded in its place",
      script: `${many}\nfileinto "middle";\n${rare}\nif not header :is "x-id" "1" { fileinto "last"; }`,
      mail: mailOf("X-Id: 4", "X-H1: v", "", ""),
      want: ["fileinto I4", "fileinto middle", "fileinto H1", "fileinto last"],
    },
    {
      name: "stops where a rule stops",
      script: `${many}\nif header :is "x-id" "5" { stop; }\n${rare}`,
      mail: mailOf("X-Id: 5", "X-H1: v", "", ""),
      want: ["fileinto I5"],
    },
    {
      name: "reaches else, elsif and counts of nothing",
      script: `${many}\nif header :is "x-id" "z" { stop; } elsif header :is "x-id" "y" { stop; } else { fileinto "else"; }
if header :count "eq" :comparator "i;ascii-numeric" "x-none" "0" { fileinto "count"; }
if string "" "" { fileinto "string"; }`,
      mail: mailOf("X-Id: 5", "", ""),
      want: ["fileinto I5", "fileinto else", "fileinto count", "fileinto string"],
    },
    {
      name: "reaches a rule by any way to it",
      script: `${many}\n${Array.from({ length: 9 }, (_, n) => `if anyof (header :is "x-id" "a${n}", allof (exists "x-b", header :contains "x-c${n}" "")) { fileinto "A${n}"; }`).join("\n")}`,
      mail: mailOf("X-Id: a4", "X-B: 1", "X-C6: 1", "", ""),
      want: ["fileinto A4", "fileinto A6"],
    },
  ];
  for (const { name, script, mail, want } of cases)
    it(name, () => assert.deepEqual(decide({ script: head + script, mail }), want));

  it("does not read the body before a rule asks for it", () => {
    const bodies = Array.from({ length: 20 }, (_, index) => `if body :contains "word${index}" { fileinto "B"; }`).join(
      "\n",
    );
    const cut = readMessage(Buffer.from(plainMail.slice(0, -5)), { size: plainMail.length });
    const stops = programOf(`${head}if header :contains "subject" "budget" { discard; stop; }\n${bodies}`);
    assert.deepEqual(decisionText(run(stops, cut, plainFacts)), ["discard"]);
    const goes = programOf(`${head}if header :contains "subject" "nothing" { discard; stop; }\n${bodies}`);
    assert.deepEqual(decisionText(run(goes, cut, plainFacts)), ["need whole-message"]);
  });

  it("needs the whole mail when a header field may lie beyond the cut", () => {
    const cut = readMessage(Buffer.from("Subject: x\r\nX-H"), { size: 400 });
    assert.deepEqual(decisionText(run(programOf(head + rare), cut, plainFacts)), ["need whole-message"]);
  });

  it("traces only what matched", () => {
    const outcome = outcomeOf({ script: head + many, mail: mailOf("X-Id: 7", "", "") });
    assert.ok(outcome.kind === "done");
    assert.deepEqual(
      outcome.trace.map(({ kind, line }) => `${kind} ${line}`),
      ["branch 9", "action 9"],
    );
  });
});

describe("guards", () => {
  const field = (name: string): Guard => ({ kind: "field", name });
  it("of any are all of them, or none", () => {
    assert.deepEqual(anyOf([() => [field("a")], () => [field("b")]])(), [field("a"), field("b")]);
    assert.equal(anyOf([() => [field("a")], () => null])(), null);
    assert.equal(anyOf([() => [field("a")], undefined])(), null);
  });
  it("of all are the fewest of one", () => {
    assert.deepEqual(allOf([() => [field("a"), field("b")], () => [field("c")], undefined])(), [field("c")]);
    assert.equal(allOf([undefined, () => null])(), null);
  });
});
