import { closeSync, openSync, writeSync } from "node:fs";

/** A file that grows by lines. Lines are kept in memory until `flush`, which hands them to the operating system. */
export interface AppendFile {
  /** One line, or several with line ends between them. */
  append(lines: string): void;
  /** Throws the system's error when the disk does not take it; what was not taken is tried again at the next flush. */
  flush(): void;
  close(): void;
}

/** Opens a new file for appending. Once flushed, its lines outlive a SIGKILL of this process. */
export function openAppendFile(path: string): AppendFile {
  const descriptor = openSync(path, "a");
  let pending: string[] = [];
  return {
    append(lines) {
      pending.push(lines);
    },
    flush() {
      if (pending.length === 0) return;
      const bytes = Buffer.from(`${pending.join("\n")}\n`, "utf8");
      pending = [];
      let written = 0;
      try {
        while (written < bytes.length) written += writeSync(descriptor, bytes, written);
      } catch (error) {
        const left = bytes.subarray(written).toString("utf8");
        pending = [left.endsWith("\n") ? left.slice(0, -1) : left];
        throw error;
      }
    },
    close() {
      closeSync(descriptor);
    },
  };
}
