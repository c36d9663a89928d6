import { closeSync, openSync, readSync, writeSync } from "node:fs";

/** A file that grows by lines. Lines are kept in memory until `flush`, which hands them to the operating system. */
export interface AppendFile {
  /**
   * One line, or several with line ends between them. Once a megabyte waits it flushes by itself, and throws as that
   * does: whoever writes waits for the disk, however fast the lines come.
   */
  append(lines: string): void;
  /**
   * Throws the system's error when the disk does not take it. What was not taken is tried again at the next flush, but
   * not what came when 16 MiB waited already: the recording has failed by then, and whoever writes it knows.
   */
  flush(): void;
  /** The whole lines that are on disk, one after the other. What was not flushed is not among them. */
  lines(): Iterable<string>;
  close(): void;
}

const MOST_PENDING_CHARACTERS = 1024 * 1024;
/** Read at once. */
const PIECE_BYTES = 1024 * 1024;
/** While the disk takes nothing. */
const MOST_UNTAKEN_CHARACTERS = 16 * 1024 * 1024;

/** Opens a new file for appending. Once flushed, its lines outlive a SIGKILL of this process. */
export function openAppendFile(path: string): AppendFile {
  const descriptor = openSync(path, "a");
  let pending: string[] = [];
  let characters = 0;
  let refused = false;
  const flush = (): void => {
    if (pending.length === 0) return;
    const bytes = Buffer.from(`${pending.join("\n")}\n`, "utf8");
    pending = [];
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(descriptor, bytes, written);
      characters = 0;
      refused = false;
    } catch (error) {
      const left = bytes.subarray(written).toString("utf8");
      pending = [left.endsWith("\n") ? left.slice(0, -1) : left];
      characters = left.length;
      refused = true;
      throw error;
    }
  };
  return {
    append(lines) {
      if (refused && characters > MOST_UNTAKEN_CHARACTERS) return;
      pending.push(lines);
      characters += lines.length;
      if (!refused && characters > MOST_PENDING_CHARACTERS) flush();
    },
    flush,
    lines: () => linesOf(path),
    close() {
      closeSync(descriptor);
    },
  };
}

/** Memory holds no more than a piece of the file, or its longest line. */
function* linesOf(path: string): Iterable<string> {
  const descriptor = openSync(path, "r");
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    let left = Buffer.alloc(0);
    for (let read = readSync(descriptor, piece); read > 0; read = readSync(descriptor, piece)) {
      const bytes = Buffer.concat([left, piece.subarray(0, read)]);
      const whole = bytes.lastIndexOf("\n") + 1;
      left = bytes.subarray(whole);
      if (whole > 0) yield* bytes.toString("utf8", 0, whole - 1).split("\n");
    }
  } finally {
    closeSync(descriptor);
  }
}
