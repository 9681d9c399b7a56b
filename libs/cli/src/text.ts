/** One text in the languages of the command. `{name}` is replaced. */
export interface Text {
  readonly en: string;
  readonly fr: string;
}
