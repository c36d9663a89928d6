import type { Clock } from "../model/clock.ts";
import { HarnessError } from "../model/errors.ts";
import type { Progress } from "../model/progress.ts";
import type { RecordingWriter } from "../model/recording.ts";

/**
 * Reads ledgers. A cluster that does not let itself be read is a finding about the cluster, not a failure of
 * dpg-bench: it becomes a note in the recording, and the writes concerned stay unjudged.
 */
export async function readLedgersOrNote(
  when: string,
  read: () => Promise<void>,
  {
    clock,
    progress,
    recording,
  }: {
    readonly clock: Clock;
    readonly progress: Progress;
    readonly recording: Pick<RecordingWriter, "event">;
  },
): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== "ledger-unreadable") throw error;
    const text = `Ledgers could not be read ${when}: ${error.message}`;
    progress.note(text);
    recording.event({ kind: "note", atUs: clock.nowUs(), text });
  }
}
