import type { Recording } from "../harness/model/recording.ts";

/** How many injections really happened, by their `injected` events. */
export function injectionsDone(recording: Recording): number {
  const done = new Set<number>();
  for (const event of recording.events) {
    if (event.kind === "injection" && event.moment === "injected") done.add(event.injection);
  }
  return done.size;
}
