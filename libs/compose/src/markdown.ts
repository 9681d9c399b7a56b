import MarkdownItReader, { type MarkdownIt } from "markdown-it";

/** Only what begins with a scheme, and addresses: "stage.doc" is a file. */
function reader(html: boolean): MarkdownIt {
  const markdown = new MarkdownItReader("default", { html, linkify: true });
  markdown.linkify.set({ fuzzyLink: false });
  return markdown;
}

const readers = { escape: reader(false), allow: reader(true) } as const;

/** Mail programs show a table without lines, and an image as wide as it is. */
const STYLE = "table{border-collapse:collapse}th,td{border:1px solid #999;padding:.3em .6em}img{max-width:100%}";

/** A document of HTML from Markdown: CommonMark, tables, addresses of the web and of mail as links. */
export function markdownToHtml(markdown: string, html: "escape" | "allow"): string {
  const body = readers[html].render(markdown);
  return `<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<style>${STYLE}</style>\n</head>\n<body>\n${body}</body>\n</html>\n`;
}
