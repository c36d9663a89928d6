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
    samples.push(fakeSample(stream, id, intendedUs, outages, random));
  }
  return samples.sort((a, b) => a.endUs - b.endUs);
}

/** One operation of such a stream. */
export function fakeSample(
  stream: StreamDescription,
  id: number,
  intendedUs: Micros,
  outages: readonly FakeOutage[],
  random: () => number,
): Sample {
  const startUs = intendedUs + Math.round(30 + 200 * random() ** 4);
  const outage = outages.find(({ fromUs, toUs }) => intendedUs >= fromUs && intendedUs < toUs);
  return outage === undefined
    ? served(stream, id, intendedUs, startUs, random)
    : unserved(stream, id, intendedUs, startUs, outage);
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

/**
 * What becomes of samples when the client itself is frozen for a time, as the agent's container is by `docker pause`:
 * what was due meanwhile is sent when it thaws, if some of its time-out is left, and else never; what was in flight is
 * read then, or has run into its time-out, though its answer may lie in the socket's buffer.
 */
export function withFrozenClient(
  samples: readonly Sample[],
  frozen: { readonly fromUs: Micros; readonly toUs: Micros },
  timeoutMs = 1000,
): Sample[] {
  return samples.map((sample) => {
    const { intendedUs, startUs, endUs } = sample;
    if (endUs < frozen.fromUs || intendedUs >= frozen.toUs) return sample;
    if (startUs < frozen.fromUs) {
      const timedOut = intendedUs + timeoutMs * 1000 <= frozen.toUs;
      if (timedOut) return { ...sample, endUs: frozen.toUs, outcome: "unknown", code: "CLIENT_TIMEOUT" };
      return { ...sample, endUs: Math.max(endUs, frozen.toUs) };
    }
    const thawedUs = frozen.toUs + 50;
    if (thawedUs - intendedUs > timeoutMs * 1000) {
      return { ...sample, startUs: thawedUs, endUs: thawedUs, outcome: "failed", code: "NEVER_SENT" };
    }
    return { ...sample, startUs: thawedUs, endUs: thawedUs + (endUs - startUs) };
  });
}

/** The same operations, none of which that was due in the stretch is answered. */
export function withOutage(
  samples: readonly Sample[],
  { fromUs, toUs }: { readonly fromUs: Micros; readonly toUs: Micros },
  timeoutMs = 1000,
): Sample[] {
  return samples.map((sample) =>
    sample.intendedUs >= fromUs && sample.intendedUs < toUs
      ? { ...sample, endUs: sample.intendedUs + timeoutMs * 1000, outcome: "failed", code: "CLIENT_TIMEOUT" }
      : sample,
  );
}
