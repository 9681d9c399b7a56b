import { randomInt } from "node:crypto";

/** No letter or digit that is taken for another one: 32 of them, five bits each. */
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
const GROUPS = 7;
const GROUP = 4;

/** A password of 140 random bits that a person can read out: seven groups of four, with hyphens that belong to it. */
export function makePassword(): string {
  const group = (): string => Array.from({ length: GROUP }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return Array.from({ length: GROUPS }, group).join("-");
}
