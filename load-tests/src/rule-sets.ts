/** The same rules in Sieve and in imapfilter's Lua, and what a mail must contain for each of them to match. */
export interface RuleSet {
  readonly name: string;
  /** One per rule, each matching mails that no other rule matches. */
  readonly rules: readonly Rule[];
}

export interface Rule {
  /** Where the word is looked for. */
  readonly part: "subject" | "body";
  readonly word: string;
  readonly folder: string;
}

/** `rules` rules on the subject, which sort into `folders` folders. */
export function subjectRules(rules: number, folders: number): RuleSet {
  return {
    name: `${rules} header rules`,
    rules: Array.from({ length: rules }, (_, index) => ({
      part: "subject",
      word: `[r${index}]`,
      folder: `R${index % folders}`,
    })),
  };
}

/** `rules` rules on the body, each with a folder of its own. */
export function bodyRules(rules: number): RuleSet {
  return {
    name: `${rules} body rules`,
    rules: Array.from({ length: rules }, (_, index) => ({
      part: "body",
      word: `dossier-${index}-fin`,
      folder: `B${index}`,
    })),
  };
}

/** As a webmail writes them: one `if` per rule, the first that matches ends the script. */
export function sieveOf({ rules }: RuleSet): string {
  const needsBody = rules.some(({ part }) => part === "body");
  const test = ({ part, word }: Rule): string =>
    part === "subject" ? `header :contains "subject" "${word}"` : `body :text :contains "${word}"`;
  return [
    `require ["fileinto", "mailbox"${needsBody ? ', "body"' : ""}];`,
    ...rules.map((rule) => `if ${test(rule)} { fileinto :create "${rule.folder}"; stop; }`),
    "",
  ].join("\n");
}

/** A Lua function `sort(account)`: one server-side SEARCH per rule, and one MOVE of all that it found. */
export function luaSortOf({ rules }: RuleSet): string {
  const entry = ({ part, word, folder }: Rule): string => `  { "${part}", "${word}", "${folder}" },`;
  return [
    "rules = {",
    ...rules.map(entry),
    "}",
    "function sort(account)",
    "  for _, rule in ipairs(rules) do",
    "    local found",
    '    if rule[1] == "subject" then found = account.INBOX:contain_subject(rule[2]) else found = account.INBOX:contain_body(rule[2]) end',
    "    if #found > 0 then found:move_messages(account[rule[3]]) end",
    "  end",
    "end",
  ].join("\n");
}

/** Share of mails that a rule matches; the others stay in INBOX. */
export const MATCHED = 0.84;

/** The rule that is to match mail `key`; undefined: none. Spread evenly, the same for the same key. */
export function ruleFor({ rules }: RuleSet, key: number): Rule | undefined {
  const spread = (Math.imul(key + 1, 0x9e3779b1) >>> 0) / 2 ** 32;
  return spread < MATCHED ? rules[Math.floor((spread / MATCHED) * rules.length)] : undefined;
}

/** Where mail `key` belongs. */
export const folderFor = (set: RuleSet, key: number): string => ruleFor(set, key)?.folder ?? "INBOX";
