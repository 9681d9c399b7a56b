import type { Bus, BusOptions } from "./types.ts";

/** Waits for the server as long as it takes, with jittered backoff. {@link BusUnusable} below 2.9.10 or without JetStream. */
export declare function connectBus(options: BusOptions): Promise<Bus>;
