import type { Comment } from "./scanner.ts";

/**
 * How editors write a rule's name into a comment:
 * `# rule:[Name]` Roundcube · `## Filter: Name` and `# Filter: Name` Nextcloud, SOGo, sievelib ·
 * `#RULE: $Name="Name" …` and `# $Rule Info: … Name=Name` Convergence and Messenger Express.
 */
const forms: readonly RegExp[] = [
  /^\s*rule:\s*\[(.*)\]\s*$/i,
  /^#*\s*filter:\s*(.+?)\s*$/i,
  /^\s*rule:.*?\$name="([^"]*)"/i,
  /^\s*\$?rule info:.*?\bname=(.+?)\s*$/i,
];

/** The rule name that a comment gives, cut at 100 characters; null for any other comment. */
export function ruleName(comment: string): string | null {
  for (const form of forms) {
    const name = form.exec(comment)?.[1]?.trim();
    if (name) return name.slice(0, 100);
  }
  return null;
}

/** Rule names by place: the last one between two offsets names the command that follows. The list may still grow. */
export function ruleNames(comments: readonly Comment[]): (from: number, to: number) => string | null {
  let next = 0;
  return (from, to) => {
    let found: string | null = null;
    for (let comment = comments[next]; comment !== undefined && comment.start < to; comment = comments[++next]) {
      if (comment.start >= from) found = ruleName(comment.text) ?? found;
    }
    return found;
  };
}
