export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;

/** A frame as the engine sends it: stream, three zero bytes, length, bytes. */
export function frame(stream: number, bytes: string | Uint8Array): Buffer {
  const payload = Buffer.from(bytes);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}
