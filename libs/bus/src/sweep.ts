import type { Link } from "./link.ts";
import { consumerInfo } from "./streams.ts";

/**
 * Removes from a work queue what its durable has acknowledged already. A nats-server that is killed forgets deletions
 * that it had not written yet, while the durable remembers the acknowledgements: such messages are never delivered
 * again, and would fill the queue for ever. Nothing above the durable's floor is touched: `false` when there is more than
 * the durable knows of, so that it is worth another look when its floor has risen.
 */
export async function sweep(link: Link, stream: string, durable: string): Promise<boolean> {
  const { config, state } = await link.ask(`look up stream ${stream}`, () => link.jsm.streams.info(stream));
  const consumer = await consumerInfo(link, stream, durable);
  if (config.retention !== "workqueue" || consumer === null || state.messages === 0) return true;
  const filter = consumer.config.filter_subject;
  const stored = filter === undefined ? state.messages : await countOf(link, stream, filter);
  if (stored <= consumer.num_pending + consumer.num_ack_pending) return true;
  const { purged } = await link.ask(`sweep ${stream}`, () =>
    link.jsm.streams.purge(stream, {
      seq: consumer.ack_floor.stream_seq + 1,
      ...(filter === undefined ? {} : { filter }),
    }),
  );
  if (purged > 0) link.log.warn({ stream, durable, messages: purged }, "acknowledged-messages-removed");
  return stored - purged <= consumer.num_pending + consumer.num_ack_pending;
}

async function countOf(link: Link, stream: string, subject: string): Promise<number> {
  const { state } = await link.ask(`look up stream ${stream}`, () =>
    link.jsm.streams.info(stream, { subjects_filter: subject }),
  );
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
}
