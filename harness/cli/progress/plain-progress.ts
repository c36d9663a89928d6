import type { Progress } from "../../model/progress.ts";

/** Details change many times a second; so often one is written. */
const DETAIL_MS = 5000;

/** Lines with the time of day (UTC), for logs and pipes: every step and note, and a detail now and then. */
export function plainProgress(surroundings: {
  readonly write: (text: string) => void;
  readonly now: () => Date;
}): RunningProgress {
  let stepAt = surroundings.now().getTime();
  let detailAt = stepAt;
  let lastDetail = "";
  const line = (text: string): void => {
    surroundings.write(`${surroundings.now().toISOString().slice(11, 19)} ${text}\n`);
  };
  return {
    step(title) {
      stepAt = surroundings.now().getTime();
      detailAt = stepAt;
      lastDetail = "";
      line(title);
    },
    detail(text) {
      const now = surroundings.now().getTime();
      if (now - detailAt < DETAIL_MS || text === lastDetail) return;
      detailAt = now;
      lastDetail = text;
      line(`  ${Math.round((now - stepAt) / 1000)} s: ${text}`);
    },
    note(text) {
      line(`  ${text}`);
    },
    close: () => Promise.resolve(),
  };
}

/** Progress that is being shown, until it is closed. */
export interface RunningProgress extends Progress {
  /** Ends the current step. Nothing is shown after it resolves. */
  close(how: "done" | "failed"): Promise<void>;
}
