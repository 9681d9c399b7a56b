import assert from "node:assert/strict";
import { it } from "node:test";
import { csvLine } from "./csv-line.ts";

it("a line of CSV quotes what has to be, and nothing in it is a formula", () => {
  assert.equal(csvLine(["a", 'b "c"', "d,e", "f\r\ng", ""]), 'a,"b ""c""","d,e","f\r\ng",\r\n');
  assert.equal(csvLine(["550 no;=1+1", 'x\t"@y', "a; b"]), `"550 no;'=1+1","x\t""'@y","a; b"\r\n`);
  assert.equal(csvLine(["a", "b,c", "d"], ";"), 'a;"b,c";d\r\n');
  assert.equal(csvLine(["=1+1", "@x", "-5", "+1,2"]), "'=1+1,'@x,'-5,\"'+1,2\"\r\n");
  assert.equal(csvLine([" =1+1", "＝1+1", "\n=1"]), `' =1+1,'＝1+1,"'\n'=1"\r\n`);
  // Where the other separator is expected the quotes are part of a cell, and its end is that of the line, or a comma.
  assert.equal(csvLine(["a", "550 no,=1+1", "x\r\n@y"], ";"), `a;"550 no,'=1+1";"x\r\n'@y"\r\n`);
  assert.equal(csvLine(["a, -5", "b; -5"], ";"), `"a, '-5";"b; -5"\r\n`);
});
