import type { Micros } from "./clock.ts";
import type { Sample, StreamDescription } from "./sample.ts";

/** A stretch in which nothing is served; open-ended with Infinity. */
export interface FakeOutage {
  readonly fromUs: Micros;
  readonly toUs: Micros;
  /** A dead peer (no answer: time-outs) or a refusing one (errors at once)? */
  readonly manner: "silent" | "refusing";
}

/** Samples of one stream from `fromUs` to `toUs` with known outages, in the order in which they completed. */
export function fakeSamples(
  stream: StreamDescription,
  span: { readonly fromUs: Micros; readonly toUs: Micros },
  outages: readonly FakeOutage[],
  random: () => number,
): Sample[] {
  const intervalUs = 1e6 / stream.ratePerSecond;
  const samples: Sample[] = [];
  for (let id = 1; ; id++) {
    const intendedUs = Math.round(span.fromUs + (id - 1) * intervalUs);
    if (intendedUs >= span.toUs) break;
    const startUs = intendedUs + Math.round(30 + 200 * random() ** 4);
    const outage = outages.find(({ fromUs, toUs }) => intendedUs >= fromUs && intendedUs < toUs);
    samples.push(
      outage === undefined
        ? served(stream, id, intendedUs, startUs, random)
        : unserved(stream, id, intendedUs, startUs, outage),
    );
  }
  return samples.sort((a, b) => a.endUs - b.endUs);
}

function served(
  stream: StreamDescription,
  id: number,
  intendedUs: Micros,
  startUs: Micros,
  random: () => number,
): Sample {
  const baseUs = stream.kind === "write" ? 1400 : 600;
  const tailUs = -Math.log(1 - random()) * baseUs * 0.6;
  return { id, intendedUs, startUs, endUs: Math.round(startUs + baseUs + tailUs), outcome: "ok", code: null };
}

function unserved(
  stream: StreamDescription,
  id: number,
  intendedUs: Micros,
  startUs: Micros,
  outage: FakeOutage,
): Sample {
  const timeoutUs = stream.timeoutMs * 1000;
  const inFlight = stream.kind === "write" && intendedUs - outage.fromUs < timeoutUs;
  if (outage.manner === "silent") {
    const outcome = inFlight ? "unknown" : "failed";
    return { id, intendedUs, startUs, endUs: intendedUs + timeoutUs, outcome, code: "CLIENT_TIMEOUT" };
  }
  const first = intendedUs - outage.fromUs < 20_000;
  if (first && stream.kind === "write") {
    return { id, intendedUs, startUs, endUs: startUs + 900, outcome: "unknown", code: "57P01" };
  }
  return { id, intendedUs, startUs, endUs: startUs + 1500, outcome: "failed", code: "ECONNRESET" };
}
