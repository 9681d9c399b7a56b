import assert from "node:assert/strict";
import { it } from "node:test";
import { needInotify, sysctlCommand, wantedLimits } from "./inotify.ts";

it("names the command to type", () => {
  assert.equal(
    sysctlCommand(wantedLimits(2_000)),
    "sudo sysctl -w fs.inotify.max_user_instances=3024 fs.inotify.max_user_watches=24192",
  );
});

it("raises nothing that is high enough", () => {
  needInotify(-1_024, () => assert.fail("nothing to say")).restore();
});
