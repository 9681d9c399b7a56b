import { connect, createServer, type Server, type Socket } from "node:net";
import { freePorts } from "./free-ports.ts";

/**
 * What the proxy does with bytes and connections:
 * `pass` forwards; `silent` holds every connection open, accepts new ones and forwards nothing (a half-open peer);
 * `cut` resets what is open and what comes.
 */
export type ProxyMode = "pass" | "silent" | "cut";

/** A TCP proxy on loopback that can fall silent. */
export type SilentProxy = {
  readonly port: number;
  readonly mode: () => ProxyMode;
  /** Connections open now. */
  readonly connections: () => number;
  /**
   * Changes what happens to open and new connections. A connection that was ever silent stays so after `pass`, as a
   * half-open one would: bytes have been lost; only new connections pass.
   */
  readonly set: (mode: ProxyMode) => void;
  readonly stop: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

type Pair = { readonly near: Socket; readonly far: Socket | undefined; silent: boolean };

function forward(pair: Pair, from: Socket, to: Socket): void {
  from.on("data", (chunk) => {
    if (pair.silent) return;
    if (!to.write(chunk)) from.pause();
  });
  to.on("drain", () => from.resume());
}

/** Ends the other side with this one, except in silence, where the other side must learn nothing. */
function endTogether(pair: Pair, one: Socket, other: Socket | undefined): void {
  one.on("error", () => one.destroy());
  one.on("end", () => {
    if (!pair.silent) other?.end();
  });
  one.on("close", () => {
    if (!pair.silent || one === pair.near) other?.destroy();
  });
}

async function listen(accept: (near: Socket) => void): Promise<{ readonly server: Server; readonly port: number }> {
  const [port = 0] = await freePorts(1);
  const server = createServer({ allowHalfOpen: true }, accept);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  // A forgotten proxy must not keep the test process alive.
  server.unref();
  return { server, port };
}

/** Starts a proxy to a loopback port, in mode `pass`. */
export async function silentProxy(targetPort: number): Promise<SilentProxy> {
  const pairs = new Set<Pair>();
  let mode: ProxyMode = "pass";

  const accept = (near: Socket): void => {
    if (mode === "cut") {
      near.on("error", () => {});
      near.resetAndDestroy();
      return;
    }
    const far = mode === "silent" ? undefined : connect({ port: targetPort, host: "127.0.0.1", noDelay: true });
    const pair: Pair = { near, far, silent: mode === "silent" };
    pairs.add(pair);
    near.setNoDelay(true);
    near.once("close", () => pairs.delete(pair));
    endTogether(pair, near, far);
    if (far) {
      endTogether(pair, far, near);
      forward(pair, near, far);
      forward(pair, far, near);
    } else near.resume();
  };
  const cut = (): void => {
    for (const { near, far } of pairs) {
      near.resetAndDestroy();
      far?.destroy();
    }
  };
  const set = (next: ProxyMode): void => {
    mode = next;
    if (next === "cut") cut();
    if (next === "silent") for (const pair of pairs) pair.silent = true;
  };

  const { server, port } = await listen(accept);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      cut();
    });
  return {
    port,
    mode: () => mode,
    connections: () => pairs.size,
    set,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
