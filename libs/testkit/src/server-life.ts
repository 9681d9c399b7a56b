import type { TempDir } from "./guard.ts";
import type { ServerProcess } from "./server-process.ts";

/** What a test may do to a running server. */
export type ServerLife = {
  /** Ends it, by force if need be, and removes its temporary folder. */
  readonly stop: () => Promise<void>;
  /** Sends a signal (default SIGKILL) to all its processes and waits for their end. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
  /** Stops it if it runs, then starts it on the same ports and state. */
  readonly restart: () => Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  readonly pause: () => Promise<void>;
  /** SIGCONT. */
  readonly resume: () => Promise<void>;
  /** Makes `await using` work: the same as `stop`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** What a server needs at the turns of its life. */
export type ServerTurns = {
  /** Lets go of what is connected to it. */
  readonly onEnd?: () => void;
  /** Puts its files in order after it has ended and before it starts again. */
  readonly beforeRestart?: () => void;
};

/** The life of a server in a temporary folder. */
export function serverLife(server: ServerProcess, dir: TempDir, turns: ServerTurns = {}): ServerLife {
  const { onEnd = () => {}, beforeRestart = () => {} } = turns;
  const stop = async (): Promise<void> => {
    onEnd();
    await server.stop();
    dir.remove();
  };
  return {
    stop,
    kill: async (signal = "SIGKILL") => {
      await server.signal(signal);
      onEnd();
    },
    restart: async () => {
      onEnd();
      await server.stop();
      beforeRestart();
      await server.start();
    },
    pause: () => server.signal("SIGSTOP"),
    resume: () => server.signal("SIGCONT"),
    [Symbol.asyncDispose]: stop,
  };
}
