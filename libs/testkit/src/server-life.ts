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

/** The life of a server in a temporary folder; `onEnd` lets go of what is connected to it. */
export function serverLife(server: ServerProcess, dir: TempDir, onEnd: () => void = () => {}): ServerLife {
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
      await server.start();
    },
    pause: () => server.signal("SIGSTOP"),
    resume: () => server.signal("SIGCONT"),
    [Symbol.asyncDispose]: stop,
  };
}
