import { endlessSchedule } from "../../harness/load/engines/native/schedule/open-schedule.ts";
import { seededRandom } from "../../harness/support/seeded-random.ts";
import type { Arrival } from "../../harness/model/load.ts";
import type { Subject } from "../subject.ts";

const PER_CALL = 1000;

/** The schedule of operations: it decides when each is due, between two of them. */
export function arrivalsSubject(): Subject {
  const drawing = (arrival: Arrival) => {
    const random = seededRandom(1, arrival);
    const schedule = endlessSchedule({ arrival, ratePerSecond: 500, offset: 0, random });
    return () => {
      for (let count = 0; count < PER_CALL; count += 1) schedule.advance();
      return schedule.dueUs;
    };
  };
  const one = { unit: "arrival", perCall: PER_CALL };
  return {
    title: "Schedule of arrivals",
    cases: [
      { ...one, name: "constant", run: drawing("constant") },
      { ...one, name: "Poisson", run: drawing("poisson"), comparedWith: "constant" },
    ],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
