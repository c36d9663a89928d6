import type { RunningLoad } from "../load/client/start-load.ts";
import type { Progress } from "../model/progress.ts";

const EVERY_MS = 500;

/** Tells whoever watches how the load fares, twice a second, until disposed of. */
export function narrateLoad(load: RunningLoad, progress: Progress): Disposable {
  const timer = setInterval(() => {
    const { operations, writesServed, readsServed, lagP99Us } = load.stats();
    progress.detail(
      [
        `writes ${served(writesServed)}, reads ${served(readsServed)}`,
        `${operations.ok} ok, ${operations.failed} failed, ${operations.unknown} unknown`,
        `lag p99 ${(lagP99Us / 1000).toFixed(1)} ms`,
      ].join(" · "),
    );
  }, EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function served(answer: boolean | null): string {
  if (answer === null) return "not known yet";
  return answer ? "served" : "NOT served";
}
