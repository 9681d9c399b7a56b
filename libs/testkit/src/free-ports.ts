import { createServer } from "node:net";

/**
 * Below the range from which systems take the ports of outgoing connections (32768 and up on Linux): a server that
 * restarts must find its port free, and a client that retries on a closed port must not connect to itself.
 */
const FIRST = 11_000;
const LAST = 31_999;

/** `1/3`: of several test processes at once this is the second, and has a share of the ports to itself; without it all are anybody's. */
const [share = 0, shares = 1] = (process.env["TAMIS_TEST_SHARE"] ?? "0/1").split("/").map(Number);
const WIDTH = Math.floor((LAST - FIRST + 1) / shares);

const given = new Set<number>();

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + share * WIDTH + Math.floor(Math.random() * WIDTH);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

/** TCP ports that are free on loopback now and that this process has not given out before. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
}
