const encoder = new TextEncoder();

/** What a piece may take: of a text, whose octets are counted when they are written, three for each unit. */
const roomOf = (piece: string | Uint8Array): number => (typeof piece === "string" ? 3 : 1) * piece.length;

/** A frame: four octets that say what it is, then pieces, each behind its length (uint32, big endian). A text is a piece in UTF-8. */
export function encodeFrame(magic: number, pieces: readonly (string | Uint8Array)[]): Uint8Array {
  const frame = new Uint8Array(4 + pieces.reduce((sum, piece) => sum + 4 + roomOf(piece), 0));
  const view = new DataView(frame.buffer);
  view.setUint32(0, magic);
  let offset = 4;
  for (const piece of pieces) {
    const length = put(piece, frame, offset + 4);
    view.setUint32(offset, length);
    offset += 4 + length;
  }
  return frame.subarray(0, offset);
}

/** Writes a piece; how many octets it has. */
function put(piece: string | Uint8Array, frame: Uint8Array, offset: number): number {
  if (typeof piece === "string") return encoder.encodeInto(piece, frame.subarray(offset)).written;
  frame.set(piece, offset);
  return piece.length;
}

/** The pieces, as views into the frame; `what` names it in the errors. Throws `RangeError` on a frame that is none. */
export function splitFrame(frame: Uint8Array, magic: number, what: string): Uint8Array[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 4 || view.getUint32(0) !== magic) throw new RangeError(`${what}: wrong magic number`);
  const pieces: Uint8Array[] = [];
  let offset = 4;
  while (offset < frame.length) {
    if (offset + 4 > frame.length) throw new RangeError(`${what}: cut length at byte ${offset}`);
    const end = offset + 4 + view.getUint32(offset);
    if (end > frame.length) throw new RangeError(`${what}: piece at byte ${offset} runs past the end`);
    pieces.push(frame.subarray(offset + 4, end));
    offset = end;
  }
  return pieces;
}
