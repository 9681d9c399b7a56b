/** Exit codes of `tamis`, told by `tamis --help`. */
export const exitCode = {
  ok: 0,
  /** The command was carried out and found something, or failed. */
  failed: 1,
  usage: 2,
  /** NATS, or the service behind it, cannot be reached. */
  unreachable: 3,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Ends a command with a sentence for whoever typed it. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exitCode: ExitCode;

  constructor(message: string, code: ExitCode = exitCode.failed, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = code;
  }
}
