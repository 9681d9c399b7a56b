import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { readMarks, redirectMark } from "./redirect-mark.ts";

const KEY = "k";
const REDIRECT = { accountId: "anna", target: "b@example.org" };
const marksOf = (header: string, key = KEY) => readMarks(key, readMessage(Buffer.from(`${header}Subject: x\r\n\r\n`)));

describe("a redirect mark", () => {
  const mark = redirectMark(KEY, REDIRECT);

  it("is known again, in whatever case the target is written and wherever the line is folded", () => {
    for (const header of [
      mark,
      mark.replace(";\r\n ", "; "),
      mark.replace("; sig", ";\r\n\tsig"),
      mark.toUpperCase().slice(0, 18) + mark.slice(18),
    ]) {
      const marks = marksOf(header);
      assert.ok(marks.has({ accountId: "anna", target: "B@Example.org" }));
      assert.equal(marks.count, 1);
    }
  });
  it("is that of one account and one target", () => {
    const marks = marksOf(mark);
    assert.ok(!marks.has({ accountId: "bob", target: REDIRECT.target }));
    assert.ok(!marks.has({ accountId: "anna", target: "c@example.org" }));
  });
  it("does not name the target", () => assert.doesNotMatch(mark, /example/));
  it("of others, or changed, is none", () => {
    assert.equal(marksOf(mark, "other").count, 0);
    assert.equal(marksOf(mark.replace("account=anna", "account=bob")).count, 0);
    assert.equal(marksOf("X-Tamis-Redirected: v=1\r\nX-Tamis-Redirected: yes\r\n").count, 0);
  });
  it("counts each that is ours", () => {
    const second = redirectMark(KEY, { accountId: "bob", target: "c@example.org" });
    assert.equal(marksOf(`${mark}Received: x\r\n${second}`).count, 2);
  });
});
