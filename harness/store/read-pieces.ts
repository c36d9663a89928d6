import { open } from "node:fs/promises";

const PIECE_BYTES = 1024 * 1024;

/**
 * Reads a file of lines piece by piece, so that memory holds no more than a piece, or the longest line. `take` gets the
 * first `end` bytes of a buffer, which is used again afterwards, and gives how many of them are whole lines. Resolves with
 * whether the last line was cut off.
 */
export async function readPieces(
  file: string,
  take: (bytes: Buffer, end: number) => number,
): Promise<boolean> {
  let buffer = Buffer.alloc(PIECE_BYTES);
  /** Bytes of a line that has not ended yet, at the buffer's beginning. */
  let left = 0;
  await using handle = disposable(await open(file));
  for (;;) {
    if (left === buffer.length) buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length)]);
    const { bytesRead } = await handle.file.read(buffer, left, buffer.length - left);
    if (bytesRead === 0) return left > 0;
    const end = left + bytesRead;
    const used = take(buffer, end);
    buffer.copyWithin(0, used, end);
    left = end - used;
  }
}

function disposable(file: Awaited<ReturnType<typeof open>>) {
  return { file, [Symbol.asyncDispose]: async () => await file.close() };
}
