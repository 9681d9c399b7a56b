import type { ServerSource } from "./locate-server.ts";

/** A server to run: the same description serves a program on this machine and a container. */
export type ServerPlan = {
  /** What error messages call it. */
  readonly label: string;
  readonly source: ServerSource;
  /** Program name inside the container image. */
  readonly program: string;
  readonly args: readonly string[];
  /** Folder with its configuration and state; a container sees it at the same path. */
  readonly dir: string;
  /** File that receives its standard output and error. */
  readonly outputFile: string;
  readonly ports: readonly number[];
  /** How to see that it is ready: a port that answers with this greeting, or a question put another way. */
  readonly greeting:
    | { readonly port: number; readonly pattern: RegExp }
    | { readonly where: string; readonly isReady: () => Promise<boolean> };
  /** Whom a program runs as, where it refuses to be root. */
  readonly runAs?: { readonly uid: number; readonly gid: number };
  /** How it is asked to end; default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
};

/** One launched life of a server. */
export type Launched = {
  readonly pid: number | undefined;
  readonly isAlive: () => boolean;
  /** Whether none of its children runs any more; they may outlive it for a moment. */
  readonly isEmpty: () => Promise<boolean>;
  readonly signal: (signal: NodeJS.Signals) => Promise<void>;
  /** Runs a program beside the server (in its container); resolves with its output. */
  readonly exec: (command: readonly string[]) => Promise<string>;
};
