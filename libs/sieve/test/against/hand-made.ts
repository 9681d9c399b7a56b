// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { plainMail } from "../decide.ts";
import type { ComparableCase } from "./comparable.ts";

const envelope = { from: "alice@example.org", to: "bob+lists@example.net" };

const one = (name: string, script: string, mail = plainMail): ComparableCase & { readonly name: string } => ({
  name,
  script,
  mail,
  envelope,
});

const folded = "From: a@example.org\r\nMessage-ID: <m@example.org>\r\n";

/** Cases in which both engines follow the RFCs, each about one thing that is easily got wrong. */
export const handMade: readonly (ComparableCase & { readonly name: string })[] = [
  one("implicit keep without actions", ""),
  one("a copy leaves the implicit keep", 'require ["fileinto", "copy"]; fileinto :copy "A";'),
  one("one mailbox twice is once", 'require "fileinto"; fileinto "A"; fileinto "B"; fileinto "A";'),
  one("discard beside fileinto", 'require "fileinto"; fileinto "A"; discard;'),
  one("stop ends the script", 'require "fileinto"; fileinto "A"; stop; fileinto "B";'),
  one(
    "the first branch only",
    'require "fileinto"; if true { fileinto "A"; } elsif true { fileinto "B"; } else { fileinto "C"; }',
  ),
  one("a group of addresses", 'require "fileinto"; if address :domain "cc" "sub.example.org" { fileinto "A"; }'),
  one(
    "detail of an address",
    'require ["fileinto", "subaddress"]; if address :detail "cc" "tag" { fileinto "A"; } if address :detail "to" "" { fileinto "B"; }',
  ),
  one("several fields of one name", 'require "fileinto"; if header :is "x-tag" "three" { fileinto "A"; }'),
  one(
    "counted fields",
    'require ["fileinto", "relational", "comparator-i;ascii-numeric"]; if header :count "eq" :comparator "i;ascii-numeric" "x-tag" "3" { fileinto "A"; }',
  ),
  one("the last but one", 'require ["fileinto", "index"]; if header :index 2 :last "x-tag" "two" { fileinto "A"; }'),
  one(
    "match variables",
    'require ["fileinto", "variables"]; if header :matches "subject" "* budget of *" { fileinto "${1}-${2}-${3}"; }',
  ),
  one(
    "an escaped star is a star",
    'require "fileinto"; if header :matches "subject" "*\\\\**" { fileinto "A"; } else { fileinto "B"; }',
    `${folded}Subject: 2 * 3\r\n\r\nx\r\n`,
  ),
  one(
    "a folded field is one line",
    'require "fileinto"; if header :is "subject" "one two" { fileinto "A"; }',
    `${folded}Subject: one\r\n two\r\n\r\nx\r\n`,
  ),
  one(
    "an encoded word across a character",
    'require "fileinto"; if header :is "subject" "été" { fileinto "A"; }',
    `${folded}Subject: =?utf-8?Q?=C3=A9t?=\r\n =?utf-8?Q?=C3=A9?=\r\n\r\nx\r\n`,
  ),
  one(
    "a date in its own zone",
    'require ["fileinto", "date"]; if date :originalzone "date" "hour" "22" { fileinto "A"; } if date :zone "+0100" "date" "iso8601" "2024-03-01T04:05:09+01:00" { fileinto "B"; }',
  ),
  one(
    "an encoded body",
    'require ["fileinto", "body"]; if body :text :contains "réunion" { fileinto "A"; } if body :raw :contains "r=C3=A9union" { fileinto "B"; }',
    `${folded}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nr=C3=A9union\r\n`,
  ),
  one(
    "fields of several names counted together",
    'require ["fileinto", "index"]; if header :index 4 ["x-tag", "subject"] "the budget of 2024" { fileinto "A"; } if header :index 1 :last ["subject", "x-tag"] "three" { fileinto "B"; }',
  ),
  one(
    "the first date of several",
    'require ["fileinto", "date", "relational", "comparator-i;ascii-numeric"]; if date :originalzone "received" "hour" "09" { fileinto "A"; } if date :count "eq" :comparator "i;ascii-numeric" "received" "hour" "1" { fileinto "B"; }',
    `${folded}Received: a; Fri, 1 Mar 2024 08:00:00 +0000\r\nReceived: b; Fri, 1 Mar 2024 09:00:00 +0000\r\n\r\nx\r\n`,
  ),
  one("a redirect with a name", 'redirect "A. B <a@example.org>"; redirect " c @ example.org (d)";'),
  one(
    "an address that is none",
    'require "fileinto"; if address :contains "to" "undisclosed" { fileinto "A"; } if address :localpart :contains "to" "" { fileinto "B"; }',
    `${folded}To: undisclosed-recipients:;\r\n\r\nx\r\n`,
  ),
  one(
    "the count of an unknown item",
    'require ["fileinto", "environment", "relational", "comparator-i;ascii-numeric"]; if environment :count "eq" :comparator "i;ascii-numeric" "no-such-item" "0" { fileinto "A"; }',
  ),
  one("envelope", 'require ["fileinto", "envelope"]; if envelope :localpart "to" "bob+lists" { fileinto "A"; }'),
  one("an unknown capability is refused", 'require "no-such-thing"; keep;'),
  one("a missing require is refused", 'fileinto "A";'),
];
