import type { LedgerMeasurement } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import type { SafetyChecks } from "../model/safety.ts";
import type { StreamDescription } from "../model/sample.ts";
import { checkLedger } from "./check-ledger.ts";
import { checkPrimaries } from "./check-primaries.ts";

/** Was anything lost that had been promised, and was there ever more than one primary that could promise? */
export function checkSafety(recording: Recording): SafetyChecks {
  const streams = recording.plan.streams.filter(({ ledgerTable }) => ledgerTable !== null);
  const injections = recording.plan.injections.map(({ injection }) => injection);
  const checked = streams.map((stream) => checkedOf(recording, stream));
  return {
    byInjection: injections.flatMap((injection) => {
      const ledgers = checked.flatMap(({ windows }) => windows.get(injection) ?? []);
      return ledgers.length === 0 ? [] : [{ injection, ledgers }];
    }),
    sinceLastInjection: checked.flatMap(({ windows }) => windows.get(null) ?? []),
    whole: checked.map(({ whole }) => whole),
    ...checkPrimaries(recording),
  };
}

interface CheckedStream {
  /** Since the reading before, by the injection that it follows; null: at the end. None where it was not read then. */
  readonly windows: ReadonlyMap<number | null, LedgerMeasurement>;
  /** Over everything, by the last reading there is: an incomplete run is judged as far as it was read. */
  readonly whole: LedgerMeasurement;
}

function checkedOf(recording: Recording, stream: StreamDescription): CheckedStream {
  const readings = recording.ledgers
    .filter((reading) => reading.stream === stream.name)
    .sort((a, b) => a.atUs - b.atUs);
  const spans = readings.map((reading, index) => ({ reading, earlier: readings[index - 1] ?? null }));
  const samples = recording.samples.get(stream.name) ?? [];
  const [whole, ...measured] = checkLedger(stream, samples, [
    { reading: readings.at(-1) ?? null, earlier: null },
    ...spans,
  ]) as [LedgerMeasurement, ...LedgerMeasurement[]];
  const windows = new Map<number | null, LedgerMeasurement>();
  measured.forEach((one, index) => {
    const injection = spans[index]?.reading.injection ?? null;
    if (!windows.has(injection)) windows.set(injection, one);
  });
  return { windows, whole };
}
