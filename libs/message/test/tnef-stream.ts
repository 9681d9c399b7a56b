/** A winmail.dat (MS-OXTNEF §2.1.3) with a version, a code page and the class of its message. */
export function tnefStream(messageClass: string): Buffer {
  const attribute = (id: number, data: Buffer): Buffer => {
    const head = Buffer.alloc(9, 1);
    head.writeUInt32LE(id, 1);
    head.writeUInt32LE(data.length, 5);
    const checksum = Buffer.alloc(2);
    checksum.writeUInt16LE(data.reduce((sum, octet) => (sum + octet) % 65_536, 0));
    return Buffer.concat([head, data, checksum]);
  };
  return Buffer.concat([
    Buffer.from([0x78, 0x9f, 0x3e, 0x22, 0x01, 0x00]),
    attribute(0x00089006, Buffer.from([0, 0, 1, 0])),
    attribute(0x00069007, Buffer.from([0xe4, 0x04, 0, 0, 0, 0, 0, 0])),
    attribute(0x00078008, Buffer.from(`${messageClass}\0`, "latin1")),
  ]);
}
