import { conductTimeLine } from "./conduct/conduct-time-line.ts";
import { concludeRun, type Conclusion } from "./conclude/conclude-run.ts";
import { DpgError } from "./model/errors.ts";
import type { RunPlan } from "./model/plan.ts";
import type { RecordingWriter } from "./model/recording.ts";
import { firstFailure, isSuppressed } from "./support/suppressed.ts";
import type { RunContext } from "./conduct/run-context.ts";
import { createRun } from "./store/create-run.ts";
import { systemClock } from "./support/system-clock.ts";

/**
 * One run, from the plan to the verdict: cluster, load (and faults), recording, measurements, verdict, reports.
 * However it ends, what was recorded is kept and concluded from, and the cluster is removed (or kept, when asked
 * for); an error is raised again after that.
 */
export async function conductRun(plan: RunPlan, context: RunContext): Promise<Conclusion> {
  const clock = systemClock();
  // What makes going on pointless ends the run at once: no room to record, no agent, no observer.
  const broken = new AbortController();
  const giveUp = (error: DpgError): void => broken.abort(error);
  const signal = AbortSignal.any([context.signal, broken.signal]);
  const recording = await createRun(context.runsDirectory, plan, giveUp);
  context.progress.note(`Recording to ${recording.directory}`);
  try {
    await conductTimeLine(plan, { ...context, clock, signal, recording, giveUp });
    await recording.finish({ kind: "complete" });
  } catch (error) {
    // What was called off because of the signal may say so in words of its own.
    const calledOff = signal.aborted && !(error instanceof DpgError) && !isSuppressed(error);
    const reason: unknown = calledOff ? signal.reason : error;
    await concludeIncomplete(recording, reason, context);
    throw reason;
  }
  context.progress.step("Report");
  return await concludeRun(recording.directory);
}

/** The first error matters: one while concluding from what there is only becomes a note. */
async function concludeIncomplete(
  recording: RecordingWriter,
  error: unknown,
  context: RunContext,
): Promise<void> {
  const first = firstFailure(error);
  const reason = first instanceof Error ? (first.message.split("\n")[0] ?? first.name) : String(first);
  try {
    await recording.finish({ kind: "incomplete", reason });
    const { reportPath } = await concludeRun(recording.directory);
    context.progress.note(`What was recorded until then: ${reportPath}`);
  } catch (failure) {
    context.progress.note(`No report of what was recorded until then: ${String(failure)}`);
  }
}
