import { InterruptedError } from "../model/errors.ts";
import type { CliIo } from "./cli-io.ts";

/** The first signal asks everything to stop and clean up; the second ends the process where it stands. */
export function interrupt(signal: string, controller: AbortController, io: CliIo): void {
  if (controller.signal.aborted) {
    io.stderr("\ndpg-bench: stopped without cleaning up; `dpg-bench clean` removes what is left.\n");
    io.exit(130);
    return;
  }
  io.stderr(`\ndpg-bench: ${signal}: stopping and cleaning up; the same again stops at once.\n`);
  controller.abort(new InterruptedError(signal));
}
