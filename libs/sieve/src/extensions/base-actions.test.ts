// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { problemTable, scriptTable } from "../../test/decide.ts";

const head = 'require ["fileinto", "copy", "variables"];\n';

scriptTable("keep and discard", [
  { script: "keep;", want: ["keep"] },
  { script: "keep; keep;", want: ["keep"] },
  { script: "discard;", want: ["discard"] },
  { script: "discard; discard;", want: ["discard"] },
  { script: "keep; discard;", want: ["keep", "discard"] },
  { script: `${head}discard; fileinto "a";`, want: ["discard", "fileinto a"] },
]);

scriptTable("redirect", [
  { script: 'redirect "a@example.org";', want: ["redirect a@example.org"] },
  { script: 'redirect "a@example.org"; keep;', want: ["redirect a@example.org", "keep"] },
  {
    script: 'redirect "a@example.org"; redirect "a@EXAMPLE.org"; redirect "A@example.org";',
    want: ["redirect a@example.org", "redirect A@example.org"],
  },
  { script: `${head}set "a" "x@example.org"; redirect "\${a}";`, want: ["redirect x@example.org"] },
  { script: 'redirect "Ä. B <a@example.org>"; redirect "a@example.org";', want: ["redirect a@example.org"] },
  { script: 'redirect "\\"A, <B>\\" <a@example.org>";', want: ["redirect a@example.org"] },
  { script: `${head}set "a" "A B"; redirect "\${a} <a@example.org>";`, want: ["redirect a@example.org"] },
  { script: 'redirect " a @ example.org (work (old)) ";', want: ["redirect a@example.org"] },
  { script: 'redirect "A (B) < a@example.org >";', want: ["redirect a@example.org"] },
  { script: 'redirect "<a@example.org>";', want: ["redirect a@example.org"] },
  {
    script: 'redirect "a@[192.0.2.1]"; redirect "b@[IPv6:2001:db8::1]";',
    want: ["redirect a@[192.0.2.1]", "redirect b@[IPv6:2001:db8::1]"],
  },
  { script: 'redirect "\\"a (b)\\"@example.org";', want: ['redirect "a (b)"@example.org'] },
  { script: `${head}set "a" "nobody"; redirect "\${a}";`, want: ["error bad-address line 2", "implicit keep"] },
  { script: `${head}fileinto "a"; set "a" ""; redirect "\${a}";`, want: ["error bad-address line 2", "implicit keep"] },
]);

problemTable("what is wrong with actions", [
  { script: 'redirect "nobody";', want: ["1:10 error bad-address"] },
  { script: 'redirect "A <@b.c:a@example.org>";', want: ["1:10 error bad-address"] },
  { script: 'redirect "A: a@example.org;";', want: ["1:10 error bad-address"] },
  { script: 'redirect "A <a@example.org>, B <b@example.org>";', want: ["1:10 error bad-address"] },
  { script: 'redirect "A\\r\\nBcc: x@y.z <a@example.org>";', want: ["1:10 error bad-address"] },
  { script: 'redirect "A@ <a@example.org>";', want: ["1:10 error bad-address"] },
  { script: `redirect "a${" ".repeat(100_000)}b";`, want: ["1:10 error bad-address"] },
  { script: 'redirect "a b@example.org";', want: ["1:10 error bad-address"] },
  { script: 'redirect "a@example.org (";', want: ["1:10 error bad-address"] },
  { script: 'redirect "a..b@example.org";', want: ["1:10 error bad-address"] },
  { script: 'redirect "a@[b@c]";', want: ["1:10 error bad-address"] },
  { script: 'redirect "a@b.c\\r\\nBcc: x@y.z";', want: ["1:10 error bad-address"] },
  { script: 'redirect "a@@b";', want: ["1:10 error bad-address"] },
  { script: 'redirect ["a@b.c"];', want: ["1:10 error wrong-kind"] },
  { script: "redirect;", want: ["1:1 error missing-argument"] },
  { script: 'keep "x";', want: ["1:6 error extra-argument"] },
  { script: 'fileinto "x";', want: ["1:1 error needs-require"] },
  { script: "kep;", want: ["1:1 error unknown-command"] },
]);
