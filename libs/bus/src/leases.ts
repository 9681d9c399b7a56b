import type { LeaseHolder, LeaseOptions } from "./lease-types.ts";

/** Takes, renews, shares and gives up partition leases until stopped (design.md §Scale). */
export declare function holdLeases(options: LeaseOptions): Promise<LeaseHolder>;
