import { lookRegularly, type Observing } from "./observing.ts";

const EVERY_MS = 100;
/** As far apart as looks at a member that is away may be: see check/member-stretches.ts. */
const STOOD_STILL_US = 500_000;

/** Tells when the observer itself did not act for a time: events come only when something is found to have changed. */
export async function tellStalls({ nowUs, emit, signal }: Observing): Promise<void> {
  let beforeUs = nowUs();
  await lookRegularly(signal, () => {
    const atUs = nowUs();
    if (atUs - beforeUs > STOOD_STILL_US) emit({ kind: "observer-stood-still", atUs, fromUs: beforeUs });
    beforeUs = atUs;
    return Promise.resolve(EVERY_MS);
  });
}
