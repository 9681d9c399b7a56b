/** One method per level; the fields first, then the name of the event in kebab-case: `log.info({ mailId }, "mail-applied")`. */
export type LogMethod = (fields: Readonly<Record<string, unknown>>, event: string) => void;

/** Fields carry ids, counts and durations: never an address, a subject, a body or a secret. An error goes under `err`. */
export interface Logger {
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly fatal: LogMethod;
  /** A logger that adds `fields` to each line. */
  child(fields: Readonly<Record<string, unknown>>): Logger;
  isLevelEnabled(level: string): boolean;
}
