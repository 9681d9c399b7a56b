/** A finding in the language of the command. */
export interface ToldFinding {
  readonly id: string;
  readonly ok: boolean;
  readonly text: string;
  readonly mend?: string;
}

/** A finding, and whose it is. */
export interface OwnedFinding extends ToldFinding {
  /** `tamis`, or the service that found it. */
  readonly by: string;
}

/** What every doctor looks at: told once when all is well, and each different fault once. */
const SHARED = new Set(["config", "nats", "state_dir", "otlp"]);

export function merge(findings: readonly OwnedFinding[]): readonly OwnedFinding[] {
  const faulty = new Set(findings.filter((finding) => !finding.ok).map((finding) => finding.id));
  const told = new Set<string>();
  return findings.filter((finding) => {
    if (!SHARED.has(finding.id)) return true;
    if (finding.ok && faulty.has(finding.id)) return false;
    // NATS that is down is down for all, in whatever words.
    const key = finding.ok || finding.id === "nats" ? finding.id : `${finding.id} ${finding.text}`;
    if (told.has(key)) return false;
    told.add(key);
    return true;
  });
}
