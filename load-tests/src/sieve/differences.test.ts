import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { differences } from "./differences.ts";

const decision = (messageId: string, ...actions: readonly string[]) => ({ messageId, actions });

describe("differences", () => {
  it("are none where both decide the same, in whatever order", () => {
    const [one, two] = [decision("<1>", "keep"), decision("<2>", "fileinto A")];
    assert.deepEqual(differences([one, two], [two, one]), []);
  });

  it("are other actions, and mails that only one engine saw", () => {
    const ours = [decision("<1>", "keep"), decision("<2>", "discard")];
    const theirs = [decision("<1>", "fileinto A", "keep"), decision("<3>", "keep")];
    assert.deepEqual(differences(ours, theirs), [
      { messageId: "<1>", ours: "keep", theirs: "fileinto A, keep" },
      { messageId: "<2>", ours: "discard", theirs: "nothing" },
      { messageId: "<3>", ours: "nothing", theirs: "keep" },
    ]);
  });
});
