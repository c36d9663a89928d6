import type { Clock } from "../model/clock.ts";
import type { Progress } from "../model/progress.ts";
import type { RecordingWriter } from "../model/recording.ts";

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
