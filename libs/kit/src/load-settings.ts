import type { Sections, Settings } from "./settings.ts";

/** Reads tamis.yaml. Throws one ConfigFault with every fault found. */
export declare function loadSettings<S extends Sections>(path: string, sections: S): Settings<S>;
