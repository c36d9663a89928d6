import type { Micros } from "../model/clock.ts";
import { lateShareOfTimeout, type Sample } from "../model/sample.ts";
import { tellEach } from "../model/samples.ts";
import { union, type Stretch } from "../stats/stretches.ts";

/**
 * The stretches in which the client itself did not act: from when an operation of any stream was due to when the client
 * came round to it, where that was too late for the operation to have nearly all of its time-out. A frozen client, a
 * pause of its garbage collector and a processor that others use all look like this: they hold up all of its streams,
 * and what arrives meanwhile is not read.
 */
export function clientStalls(streams: Iterable<Iterable<Sample>>, timeoutMs: number): Stretch[] {
  const late: Stretch[] = [];
  const add = (_id: number, intendedUs: Micros, startUs: Micros): void => {
    if (startUs - intendedUs <= lateFromMs(timeoutMs) * 1000) return;
    // Whoever is late is so for many operations: those that follow each other are one stretch already here.
    const last = late.at(-1);
    if (last === undefined || intendedUs < last.fromUs || intendedUs > last.toUs)
      late.push({ fromUs: intendedUs, toUs: startUs });
    else if (startUs > last.toUs) late[late.length - 1] = { fromUs: last.fromUs, toUs: startUs };
  };
  for (const samples of streams) tellEach(samples, { add });
  return union(late);
}

export function lateFromMs(timeoutMs: number): number {
  return timeoutMs * lateShareOfTimeout;
}
