import { connectBus, holdLeases } from "../src/index.ts";

// A process that holds leases, to be killed or stopped dead: prints what it is told, one JSON line each.
const [servers = "", instance = "", wanted = "", timing = "{}"] = process.argv.slice(2);
const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const bus = await connectBus({ servers, name: instance });
const holder = await holdLeases({
  bus,
  instance,
  partitions: Array.from({ length: Number(wanted) }, (_, p) => p),
  timing: JSON.parse(timing),
  onGained: (p, lease) => void tell({ gained: p, token: lease.token }),
  onLost: (p, why) => void tell({ lost: p, why }),
});
tell({ started: true });
process.once("SIGTERM", () => {
  void holder.stop().then(() => bus.close());
});
