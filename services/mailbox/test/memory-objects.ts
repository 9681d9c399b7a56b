import type { ObjectBucket } from "@tamis/bus";

/** An object bucket in memory. */
export function memoryObjects(name: string, objects: Map<string, Uint8Array>): ObjectBucket {
  return {
    name,
    put: async (object, bytes) => void objects.set(object, bytes),
    get: async (object) => objects.get(object) ?? null,
    delete: async (object) => void objects.delete(object),
  };
}
