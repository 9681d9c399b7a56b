/** What of a text was not understood yet. Whatever is taken leaves a blank. */
export class Remaining {
  text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Takes the first match out; null where there is none. */
  take(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.text = `${this.text.slice(0, found.index)} ${this.text.slice(found.index + found[0].length)}`;
    return found;
  }
}
