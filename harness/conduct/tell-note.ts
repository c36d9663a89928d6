import type { Clock } from "../model/clock.ts";
import type { Progress } from "../model/progress.ts";
import type { RecordingWriter } from "../model/recording.ts";
import { HarnessError } from "../model/errors.ts";

/** Says something to whoever watches, and keeps it in the recording. */
export function tellNote(
  text: string,
  {
    clock,
    progress,
    recording,
  }: {
    readonly clock: Pick<Clock, "nowUs">;
    readonly progress: Pick<Progress, "note">;
    readonly recording: Pick<RecordingWriter, "event">;
  },
): void {
  progress.note(text);
  recording.event({ kind: "note", atUs: clock.nowUs(), text });
}

const UNREADABLE = ["ledger-unreadable", "prepared-undecided"];

/**
 * Reads ledgers. A cluster that does not let itself be read is a finding about the cluster, not a failure of
 * dpg-bench: it becomes a note in the recording, and the writes concerned stay unjudged.
 */
export async function readLedgersOrNote(
  when: string,
  read: () => Promise<void>,
  telling: Parameters<typeof tellNote>[1],
): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof HarnessError) || !UNREADABLE.includes(error.code)) throw error;
    tellNote(`Ledgers could not be read ${when}: ${error.message}`, telling);
  }
}
