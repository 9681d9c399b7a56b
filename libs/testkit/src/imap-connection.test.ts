import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { folderArgument, folderName } from "./imap-connection.ts";

describe("folder names (RFC 3501 §5.1.3)", () => {
  const cases = [
    { folder: "INBOX", want: '"INBOX"' },
    { folder: "Élèves/3e", want: '"&AMk-l&AOg-ves/3e"' },
    { folder: "R&D", want: '"R&-D"' },
    { folder: 'say "so" \\', want: '"say \\"so\\" \\\\"' },
    { folder: "台北", want: '"&U,BTFw-"' },
  ];
  for (const { folder, want } of cases) it(folder, () => assert.equal(folderArgument(folder), want));

  it("come back as they were", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (folder) => {
        const unquoted = folderArgument(folder).slice(1, -1).replace(/\\(.)/g, "$1");
        assert.equal(folderName(unquoted), folder);
      }),
    );
  });
});
