import type { CliIo } from "../cli-io.ts";
import { liveProgress } from "./live-progress.ts";
import { plainProgress } from "./plain-progress.ts";
import type { RunningProgress } from "./running-progress.ts";

/** Live in a terminal, plain lines elsewhere. */
export function createProgress(io: CliIo): RunningProgress {
  return io.live === null
    ? plainProgress({ write: io.stderr, now: () => new Date() })
    : liveProgress(io.live);
}
