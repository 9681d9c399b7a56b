/** Ends the test block at hand, or the file where none is open. */
export class TestFailed extends Error {}

/** Ends the file: it needs what this run does not allow. */
export class SuiteSkipped extends Error {}
