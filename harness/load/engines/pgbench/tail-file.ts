import { open, type FileHandle } from "node:fs/promises";

/** Gives what was appended to a file since the last time, in pieces. */
export interface FileTail {
  read(onPiece: (bytes: Uint8Array) => void): Promise<void>;
  close(): Promise<void>;
}

const PIECE_BYTES = 256 * 1024;

/** A file that may not be there yet. */
export function tailFile(file: string): FileTail {
  const piece = Buffer.alloc(PIECE_BYTES);
  let handle: FileHandle | null = null;
  return {
    async read(onPiece) {
      handle ??= await open(file, "r").catch(() => null);
      for (let bytes = 1; handle !== null && bytes > 0;) {
        bytes = (await handle.read(piece, 0, PIECE_BYTES)).bytesRead;
        if (bytes > 0) onPiece(piece.subarray(0, bytes));
      }
    },
    async close() {
      await handle?.close();
      handle = null;
    },
  };
}
