import { readFileSync } from "node:fs";
import { connect as connectTcp, createServer, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** A relay that begins TLS for a client that cannot. */
export interface TlsRelay extends AsyncDisposable {
  readonly port: number;
}

/** Passes each connection on to a ManageSieve server at `port`, inside TLS begun by STARTTLS. */
export async function tlsRelay(port: number, ca: string): Promise<TlsRelay> {
  const sockets = new Set<Socket>();
  const keep = <S extends Socket>(socket: S): S => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    return socket;
  };
  const server = createServer((client) => {
    keep(client);
    const plain = keep(connectTcp({ host: "127.0.0.1", port }));
    let greeting = "";
    const onGreeting = (data: Buffer): void => {
      greeting += data.toString();
      if (greeting.endsWith("OK\r\n") && !greeting.endsWith("OK\r\nOK\r\n")) plain.write("STARTTLS\r\n");
      if (!greeting.endsWith("OK\r\nOK\r\n")) return;
      plain.off("data", onGreeting);
      // What the server says inside TLS is all that the client sees.
      const secure = keep(connectTls({ socket: plain, servername: "localhost", ca: readFileSync(ca) }));
      secure.pipe(client);
      client.pipe(secure);
    };
    plain.on("data", onGreeting);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" ? (address?.port ?? 0) : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
