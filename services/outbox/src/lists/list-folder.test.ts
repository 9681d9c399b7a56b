import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { tempDir } from "@tamis/testkit";
import fc from "fast-check";
import { ListFault } from "./list-fault.ts";
import { listEntries } from "./list-file.ts";
import { ListFolder } from "./list-folder.ts";

const dir = tempDir("tamis-lists");
after(() => dir.remove());
const write = (file: string, text: string | Uint8Array): void => writeFileSync(join(dir.path, file), text);

write(
  "profs.txt",
  "\ufeff# the teachers\r\nanna@academie.example\r\nÈve Martin <eve@academie.example>\r\n\r\n@include Maths\r\n",
);
write(
  "Maths.csv",
  "courriel;prenom\nbob@academie.example;Bob\ndirection@academie.example;\n@include school:0380001A;\n",
);
write("direction@academie.example", "recteur@academie.example\n");
write("latin.csv", Buffer.from("courriel;pr\xe9nom\na@b.example;x", "latin1"));
write("twice.txt", "x@b.example");
write("twice.csv", "address\nx@b.example");
write("latin2.txt", Buffer.from("\xe9ve@b.example", "latin1"));
write("heads.csv", "nom;prenom\na;b\n");
write(".hidden", "x@b.example");
mkdirSync(join(dir.path, "folder"));
symlinkSync("/nowhere", join(dir.path, "broken.txt"));

async function read(source: string) {
  try {
    const { members, nested } = await new ListFolder(dir.path).read(source);
    return {
      members: members.map(({ address, name = "", fields }) => [address, name, fields["prenom"] ?? ""].join("|")),
      nested,
    };
  } catch (error) {
    assert.ok(error instanceof ListFault, String(error));
    return error.code;
  }
}

describe("a folder of lists", () => {
  it("has addresses one a line, with names, comments, and other lists", async () => {
    assert.deepEqual(await read("list:profs"), {
      members: ["anna@academie.example||", "eve@academie.example|Ève Martin|"],
      nested: ["list:Maths"],
    });
  });

  it("has CSV with fields, where an address may be a list, and a list one of the directory", async () => {
    assert.deepEqual(await read("list:MATHS"), {
      members: ["bob@academie.example||Bob"],
      nested: ["list:direction@academie.example", "school:0380001A"],
    });
  });

  it("names its lists", async () => {
    const names = await new ListFolder(dir.path).names(100);
    assert.ok(names.some(({ name }) => name === "list:direction@academie.example"));
    assert.ok(names.every(({ name }) => !/hidden|folder/.test(name)));
    assert.equal((await new ListFolder(dir.path).names(2)).length, 2);
  });

  for (const [source, want] of [
    ["list:nobody", "unknown"],
    ["list:../profs", "unknown"],
    ["list:/etc/passwd", "unknown"],
    ["list:.hidden", "unknown"],
    ["list:folder", "unknown"],
    ["list:broken", "unknown"],
    ["list:latin", "not-utf8"],
    ["list:latin2", "not-utf8"],
    ["list:twice", "ambiguous"],
    ["list:heads", "no-column"],
  ] as const)
    it(`refuses ${source}`, async () => assert.equal(await read(source), want));

  it("says that it is not there itself", async () => {
    const gone = new ListFolder(join(dir.path, "gone"));
    await assert.rejects(gone.read("list:profs"), (error) => error instanceof ListFault && error.code === "unreadable");
  });

  it("reads any octets as a list, or refuses them", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom("lines" as const, "csv" as const), (octets, form) => {
        try {
          listEntries("list:x", octets, form);
        } catch (error) {
          assert.ok(error instanceof ListFault);
        }
      }),
    );
  });
});
