/** Runs test files written in Sieve itself (`vnd.dovecot.testsuite`). Pure: files, programs and the clock come in. */
export type { ProgramCall, ProgramResult, SuiteEnvironment } from "./environment.ts";
export { runSuite, type SuiteFailure, type SuiteOptions, type SuiteReport } from "./run-suite.ts";
