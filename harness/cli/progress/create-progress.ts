import { printable, printableLine } from "../../support/printable.ts";
import type { CliIo } from "../cli-io.ts";
import { liveProgress } from "./live-progress.ts";
import { plainProgress, type RunningProgress } from "./plain-progress.ts";

/** Live in a terminal, plain lines elsewhere. What is told may come from a container: it is made printable. */
export function createProgress(io: CliIo): RunningProgress {
  const shown =
    io.live === null ? plainProgress({ write: io.stderr, now: () => new Date() }) : liveProgress(io.live);
  return {
    step: (title) => shown.step(printableLine(title)),
    detail: (text) => shown.detail(printableLine(text)),
    note: (text) => shown.note(printable(text)),
    close: (how) => shown.close(how),
  };
}
