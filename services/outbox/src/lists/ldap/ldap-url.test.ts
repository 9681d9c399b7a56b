import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readLdapUrl } from "./ldap-url.ts";

describe("URLs of a directory", () => {
  for (const { name, url, want } of [
    {
      name: "a dynamic group's",
      url: "ldap:///ou=people,dc=academie,dc=example??sub?(&(objectClass=inetOrgPerson)(rne=0380001A))",
      want: ["ou=people,dc=academie,dc=example", "sub", "(&(objectClass=inetOrgPerson)(rne=0380001A))"],
    },
    {
      name: "one with escapes",
      url: "ldap://host/ou=Lyc%C3%A9es?mail?one?(cn=a%20b)",
      want: ["ou=Lycées", "one", "(cn=a b)"],
    },
    { name: "one of an entry", url: "LDAPS://h:636/cn=a", want: ["cn=a", "base", "(objectClass=*)"] },
    {
      name: "one with an extension that may be let be",
      url: "ldap:///o=x??sub?(a=b)?x-y",
      want: ["o=x", "sub", "(a=b)"],
    },
  ])
    it(`reads ${name}`, () => {
      const read = readLdapUrl(url);
      assert.deepEqual(read && [read.base, read.scope, read.filter], want);
    });
  for (const url of [
    "http://host/o=x",
    "ldap:///o=x??subtree?(a=b)",
    "ldap:///o=x??sub?a=b",
    "ldap:///o=x??sub?(a=b",
    "ldap:///o=x??sub?(a=b)?!critical",
    "ldap:///o=%zz",
    "",
  ])
    it(`refuses "${url}"`, () => assert.equal(readLdapUrl(url), null));
  it("never throws on garbage", () => {
    fc.assert(fc.property(fc.string(), (text) => readLdapUrl(`ldap:///${text}`) === null || text.length >= 0));
  });
});
