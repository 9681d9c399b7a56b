export { connectBus } from "./connect.ts";
export { BusUnusable, Reject, RetryLater } from "./errors.ts";
export type { Lease, LeaseHolder, LeaseOptions, LeaseTiming, LossReason } from "./lease-types.ts";
export { holdLeases } from "./leases.ts";
export type { Answer, Incoming, Reply, RequestOptions, Responder, RespondOptions } from "./request-types.ts";
export { type SubmitOptions, type SubmittedHead, submit } from "./submit.ts";
export type {
  Backlog,
  Bucket,
  BucketChange,
  BucketEntry,
  Bus,
  BusLogger,
  BusOptions,
  BusStatus,
  ConsumeSpec,
  Consumption,
  Delivery,
  DurableSpec,
  ObjectBucket,
  ObjectBucketSpec,
  ParkedEntry,
  Parking,
  Publication,
  Published,
  ReadFactsOptions,
  Stoppable,
  StoredFact,
  StreamState,
  Watch,
} from "./types.ts";
