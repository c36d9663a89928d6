import { fakePlan } from "../harness/model/plan.fake.ts";
import { type FakeRecording, fakeRecording } from "../harness/model/recording.fake.ts";
import type { StreamDescription } from "../harness/model/sample.ts";

/** Operations per second of all streams together: 300,000 samples in ten minutes. */
const RATE_PER_SECOND = 500;
const SECONDS = 600;

/** A made-up run of three injections of each of the five faults: ten minutes, 300,000 samples. */
export function tenMinuteRecording(): FakeRecording {
  const usual = fakePlan([]);
  const usualRate = usual.streams.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0);
  const faster = (stream: StreamDescription): StreamDescription => ({
    ...stream,
    ratePerSecond: (stream.ratePerSecond * RATE_PER_SECOND) / usualRate,
  });
  const streams = usual.streams.map(faster);
  const usualSeconds = lengthSeconds(fakeRecording({ plan: { streams } }), streams);
  const { warmupSeconds, steadySeconds, recoverySeconds } = usual.phases;
  const phases = { warmupSeconds, recoverySeconds, steadySeconds: steadySeconds + SECONDS - usualSeconds };
  return fakeRecording({ plan: { streams, phases } });
}

function lengthSeconds(recording: FakeRecording, [stream]: readonly StreamDescription[]): number {
  if (stream === undefined) return 0;
  return (recording.samples.get(stream.name)?.length ?? 0) / stream.ratePerSecond;
}
