/** A frame: four octets that say what it is, then pieces, each behind its length (uint32, big endian). */
export function encodeFrame(magic: number, pieces: readonly Uint8Array[]): Uint8Array {
  const frame = new Uint8Array(4 + pieces.reduce((sum, piece) => sum + 4 + piece.length, 0));
  const view = new DataView(frame.buffer);
  view.setUint32(0, magic);
  let offset = 4;
  for (const piece of pieces) {
    view.setUint32(offset, piece.length);
    frame.set(piece, offset + 4);
    offset += 4 + piece.length;
  }
  return frame;
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
