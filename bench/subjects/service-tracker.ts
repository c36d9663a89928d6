import { ServiceTracker } from "../../harness/load/client/service-tracker.ts";
import type { FakeRecording } from "../../harness/model/recording.fake.ts";
import type { Subject } from "../subject.ts";

const BATCH = 20;
/** An outage is asked about for as long as it lasts and a little more: 30 s. */
const ASKED_ABOUT_US = 30_000_000;

/** Following a probe while it runs; during an outage each batch is followed by a question. */
export function serviceTrackerSubject({ samples }: FakeRecording): Subject {
  const probe = samples.get("write-probe") ?? [];
  const follow = (ask: boolean): number => {
    const tracker = new ServiceTracker(1000);
    let answers = 0;
    for (let index = 0; index < probe.length; index += BATCH) {
      const batch = probe.slice(index, index + BATCH);
      const knownToUs = batch[0]?.intendedUs ?? 0;
      tracker.add(batch, knownToUs);
      if (ask && tracker.servedSince(knownToUs - ASKED_ABOUT_US, 1_000_000) !== null) answers += 1;
    }
    return answers;
  };
  const one = { unit: "sample", perCall: probe.length };
  return {
    title: "ServiceTracker",
    cases: [
      { ...one, name: "add", run: () => follow(false) },
      { ...one, name: "add, and ask after each batch", run: () => follow(true), comparedWith: "add" },
    ],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
