import { HarnessError } from "../model/errors.ts";
import type { InjectionMoment } from "../model/event.ts";

/** Which moments may follow which; the drawing is in lifecycle.ts. */
const NEXT: Readonly<Record<InjectionMoment | "start", readonly InjectionMoment[]>> = {
  start: ["waiting"],
  waiting: ["setting-up", "failed"],
  "setting-up": ["injecting", "failed"],
  injecting: ["injected", "healing"],
  injected: ["observed", "healing"],
  observed: ["recovered", "held", "healing"],
  recovered: ["held", "healing", "healed", "failed"],
  held: ["healing"],
  healing: ["recovered", "healed", "failed"],
  healed: [],
  failed: [],
};

/** Guards the order of an injection's moments: `to` throws when a moment may not come now, which is a bug. */
export function injectionMoments(): { readonly now: () => string; to(moment: InjectionMoment): void } {
  let now: InjectionMoment | "start" = "start";
  return {
    now: () => now,
    to: (moment) => {
      if (!NEXT[now].includes(moment)) {
        throw new HarnessError({
          code: "injection-out-of-order",
          message: `Expected ${NEXT[now].join(" or ") || "nothing"} after "${now}" of an injection; found "${moment}".`,
        });
      }
      now = moment;
    },
  };
}
