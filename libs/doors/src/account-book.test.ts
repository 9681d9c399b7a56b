import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Account } from "@tamis/kit";
import { accountBook } from "./account-book.ts";

const account = (id: string, address: string, user = address): Account => ({ id, address, user, mode: "act" });

describe("accountBook", () => {
  const book = accountBook(
    [
      account("anna", "Anna@Example.org"),
      account("bob", "bob@example.org", "bob7"),
      account("carl", "carl@école.fr"),
      account("dora", "dora@example.org", "shared"),
      account("emil", "emil@example.org", "shared"),
      account("fay", "fay@example.org", "bob@other.org"),
      account("gus", "bob@other.org"),
      account("élan", "élan@example.org"),
    ],
    "example.org",
  );
  const cases = [
    { name: "anna@example.org", want: "anna" },
    { name: "ANNA@EXAMPLE.ORG", want: "anna" },
    { name: "anna", want: "anna" },
    { name: "bob7", want: "bob" },
    { name: "BOB7", want: "bob" },
    { name: "carl@xn--cole-9oa.fr", want: "carl" },
    { name: "carl@ÉCOLE.fr", want: "carl" },
    { name: "e\u0301lan", want: "élan" },
    { name: "anna@other.org", want: null },
    { name: "nobody", want: null },
    { name: "", want: null },
    { name: "anna ", want: null },
    { name: "shared", want: "ambiguous" },
    { name: "bob@other.org", want: "ambiguous" },
  ];
  for (const { name, want } of cases)
    it(`${JSON.stringify(name)} is ${want}`, () => {
      const found = book.find(name);
      assert.equal(typeof found === "object" ? (found?.id ?? null) : found, want);
    });

  it("knows no bare names without a default domain", () =>
    assert.equal(accountBook([account("anna", "anna@example.org")]).find("anna"), null));

  it("finds by id, exactly", () => {
    assert.equal(book.byId("bob")?.user, "bob7");
    for (const id of ["BOB", "bob7", "bob@example.org", ""]) assert.equal(book.byId(id), null, id);
  });
});
