import type { LedgerMeasurement } from "../model/measurement.ts";
import type { LedgerReading, Recording } from "../model/recording.ts";
import type { SafetyChecks } from "../model/safety.ts";
import type { StreamDescription } from "../model/sample.ts";
import { checkLedger } from "./check-ledger.ts";
import { checkPrimaries } from "./check-primaries.ts";

/** Was anything lost that had been promised, and was there ever more than one primary that could promise? */
export function checkSafety(recording: Recording): SafetyChecks {
  const streams = recording.plan.streams.filter(({ ledgerTable }) => ledgerTable !== null);
  const injections = recording.plan.injections.map(({ injection }) => injection);
  return {
    byInjection: injections.flatMap((injection) => {
      const ledgers = streams.flatMap((stream) => windowOf(recording, stream, injection) ?? []);
      return ledgers.length === 0 ? [] : [{ injection, ledgers }];
    }),
    sinceLastInjection: streams.flatMap((stream) => windowOf(recording, stream, null) ?? []),
    whole: streams.map((stream) => wholeOf(recording, stream)),
    ...checkPrimaries(recording),
  };
}

/** Since the reading before; null where the ledger was not read after this injection, or at the end. */
function windowOf(
  recording: Recording,
  stream: StreamDescription,
  injection: number | null,
): LedgerMeasurement | null {
  const readings = readingsOf(recording, stream);
  const index = readings.findIndex((reading) => reading.injection === injection);
  const reading = readings[index];
  if (reading === undefined) return null;
  const samples = recording.samples.get(stream.name) ?? [];
  return checkLedger(stream, samples, reading, readings[index - 1] ?? null);
}

/** Over everything, by the last reading there is: an incomplete run is judged as far as it was read. */
function wholeOf(recording: Recording, stream: StreamDescription): LedgerMeasurement {
  const samples = recording.samples.get(stream.name) ?? [];
  return checkLedger(stream, samples, readingsOf(recording, stream).at(-1) ?? null, null);
}

function readingsOf(recording: Recording, stream: StreamDescription): LedgerReading[] {
  return recording.ledgers
    .filter((reading) => reading.stream === stream.name)
    .sort((a, b) => a.atUs - b.atUs);
}
