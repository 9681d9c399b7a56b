/** What a test file may touch of the world: tests of the library give their own. */
export interface SuiteEnvironment {
  /** Absolute path of the folder that holds the test file. */
  readonly folder: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** IANA zone, for dates without `:zone`. */
  readonly timeZone: string;
  /** The text of a file, its path relative to {@link folder}; null where there is none. */
  readText(path: string): string | null;
  /** Runs a program for pipe, filter and execute; absent: programs are not allowed. */
  readonly runProgram?: (call: ProgramCall) => ProgramResult;
  /** Where `test_result_print` and `test_message_print` write. */
  readonly print?: (text: string) => void;
}

/** One program to run: a bare file name in a folder. */
export interface ProgramCall {
  /** As the setting names it: absolute, or relative to the folder of the test file. */
  readonly folder: string;
  readonly name: string;
  readonly parameters: readonly string[];
  readonly input: Uint8Array;
  readonly timeoutMs: number;
}

/** How it ended; `exitCode` is null when it could not be run or was stopped, `reason` says why. */
export interface ProgramResult {
  /** There is no such program in the folder, or it may not be run. */
  readonly missing: boolean;
  readonly exitCode: number | null;
  readonly output: Uint8Array;
  readonly reason: string;
}
