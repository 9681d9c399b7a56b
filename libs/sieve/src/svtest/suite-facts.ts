import type {
  CalendarOutcome,
  EnvelopeFacts,
  Facts,
  ListFacts,
  OwnerFacts,
  ProgramResult,
  VacationFacts,
} from "../facts.ts";
import { Answers } from "./answers.ts";
import type { SuiteSettings } from "./settings.ts";
import type { SuiteSession } from "./suite-session.ts";
import { spamOf, virusOf } from "./verdicts.ts";

/** RFC 5183 §4.1: where test files run. */
const hostItems: readonly (readonly [string, string])[] = [
  ["domain", "example.org"],
  ["host", "host.example.org"],
  ["version", "1"],
];

/** The facts of a test file: looked up when a script asks, since the file changes them as it goes. */
export class SuiteFacts implements Facts {
  readonly now: number;
  readonly timeZone: string;
  readonly mailboxExists: ReadonlyMap<string, boolean>;
  readonly duplicates: ReadonlyMap<string, boolean>;
  readonly programs: ReadonlyMap<string, ProgramResult>;
  readonly lists: ReadonlyMap<string, ListFacts | null>;
  readonly calendar: ReadonlyMap<string, CalendarOutcome> = new Answers(() => ({ outcome: "no_action", reason: "" }));
  readonly metadata: ReadonlyMap<string, string | null>;
  readonly mailboxIds: ReadonlyMap<string, string | null> = new Answers(() => null);
  readonly #session: SuiteSession;

  constructor(session: SuiteSession) {
    this.#session = session;
    this.now = session.environment.now;
    this.timeZone = session.environment.timeZone;
    this.mailboxExists = new Answers((name) => session.store.has(name));
    this.programs = session.programs;
    this.lists = new Answers((name) => {
      const members = session.listMembers(name);
      return members === null ? null : new Answers((value) => members.has(value.toLowerCase()));
    });
    this.metadata = new Answers((key) => session.store.annotation(...annotationOf(key)));
    this.duplicates = new Answers((key) => (session.marks.get(key) ?? 0) > this.now);
  }

  get specialUse(): ReadonlyMap<string, readonly string[]> {
    return this.#session.store.uses;
  }

  get envelope(): EnvelopeFacts {
    const { from, to, originalTo, auth } = this.#session.envelope;
    const counts = this.#session.settings.flag("sieve_vacation_use_original_recipient") === true;
    return {
      from,
      auth,
      ...(to === null ? {} : { to }),
      ...(originalTo === null || !counts ? {} : { originalTo }),
    };
  }

  get spam(): number | undefined {
    return spamOf(this.#session.original, this.#session.settings);
  }

  get virus(): number | undefined {
    return virusOf(this.#session.original, this.#session.settings);
  }

  get flags(): readonly string[] {
    return this.#session.flags;
  }

  get environment(): ReadonlyMap<string, string> {
    const items = [...this.#session.settings.under("sieve_environment/")];
    const own = items.map(([name, value]): [string, string] => [name.toLowerCase(), value]);
    return new Map([
      ...hostItems,
      ["vnd.dovecot.username", this.#session.envelope.auth],
      // Settings are items of their own name, and of the name that keeps them from hiding others.
      ...own,
      ...own.map(([name, value]): [string, string] => [`vnd.dovecot.config.${name}`, value]),
    ]);
  }

  get addressSeparator(): string {
    return this.#session.settings.get("recipient_delimiter") ?? "+";
  }

  get owner(): OwnerFacts {
    const { settings, envelope } = this.#session;
    const addresses = [settings.get("sieve_user_email"), envelope.to].flatMap((address) => address ?? []);
    return { addresses: [...new Set(addresses)] };
  }

  get vacation(): VacationFacts {
    return vacationFacts(this.#session.settings);
  }

  get protectedFields(): { readonly add: ReadonlySet<string>; readonly delete: ReadonlySet<string> } {
    const { settings } = this.#session;
    const forbidden = (what: string): ReadonlySet<string> => {
      const names = new Set<string>();
      for (const key of settings.under("sieve_editheader_header/").keys()) {
        const field = key.slice(0, key.lastIndexOf("/"));
        const prefix = `sieve_editheader_header/${field}`;
        if (settings.flag(`${prefix}/${what}`) === true)
          names.add((settings.get(`${prefix}/name`) ?? field).toLowerCase());
      }
      return names;
    };
    return { add: forbidden("forbid_add"), delete: forbidden("forbid_delete") };
  }
}

/** The key of a need for an annotation, read back. */
function annotationOf(key: string): readonly [mailbox: string | null, entry: string] {
  const [mailbox, entry]: [string | null, string] = JSON.parse(key);
  return [mailbox, entry];
}

function vacationFacts(settings: SuiteSettings): VacationFacts {
  const subject = settings.get("sieve_vacation_default_subject");
  const template = settings.get("sieve_vacation_default_subject_template");
  return {
    ...(subject === undefined ? {} : { subject }),
    ...(template === undefined ? {} : { subjectTemplate: template.replace(/%(?:\$|\{subject\})/g, "{subject}") }),
    unaddressed:
      settings.flag("sieve_vacation_dont_check_recipient") ?? settings.flag("sieve_vacation_check_recipient") === false,
    toFromHeader: settings.flag("sieve_vacation_to_header_ignore_envelope") ?? false,
  };
}
