import type { Micros } from "../model/clock.ts";
import type { EventOf } from "../model/event.ts";
import { COORDINATORS } from "../model/layout.ts";
import type { Recording } from "../model/recording.ts";
import type { PrimariesStretch } from "../model/primaries.ts";
import type { SafetyChecks } from "../model/safety.ts";
import { findPrimaries } from "./find-primaries.ts";
import { findSecondAcknowledgements, ServerCounts, type ToldWrite } from "./find-second-acknowledgements.ts";
import { type GroupOfVariant, watchedGroups } from "./watched-groups.ts";

/** Was there ever more than one primary in a group, could they acknowledge, and did they? */
export function checkPrimaries(
  recording: Recording,
): Pick<SafetyChecks, "primaries" | "secondAcknowledgements"> {
  const groups = watchedGroups(recording);
  const writes = toldWrites(recording);
  return {
    primaries: groups.map((watched) => {
      const stretches = findPrimaries(watched);
      // The probes' table lives on the coordinators alone.
      const acknowledged = watched.group === COORDINATORS ? acknowledgedIn(stretches, writes) : null;
      return {
        variant: watched.variant,
        group: watched.group,
        watched: isWatched(watched),
        stretches: stretches.map((stretch, index) => ({
          ...stretch,
          acknowledged: acknowledged?.[index] ?? null,
        })),
      };
    }),
    secondAcknowledgements:
      recording.plan.load !== null && groups.some(({ group }) => group === COORDINATORS)
        ? findSecondAcknowledgements(writes, untoldOf(recording))
        : null,
  };
}

function isWatched({ events, group }: GroupOfVariant): boolean {
  return events.some((event) => event.kind === "postgres-state" && event.group === group);
}

/** Of each stretch; null where no write said by whom it was acknowledged. */
function acknowledgedIn(
  stretches: readonly Pick<PrimariesStretch, "fromUs" | "toUs">[],
  writes: Iterable<ToldWrite>,
): PrimariesStretch["acknowledged"][] | null {
  if (stretches.length === 0) return null;
  const counts = stretches.map(() => new ServerCounts());
  let isTold = false;
  for (const write of writes) {
    isTold = true;
    const { endUs } = write.sample;
    stretches.forEach(({ fromUs, toUs }, index) => {
      if (endUs >= fromUs && endUs < toUs) counts[index]?.add(write);
    });
  }
  return isTold ? counts.map((each) => each.inOrder()) : null;
}

/**
 * The write probe's acknowledged writes that say by whom, each time anew. Addresses are members' by what the observers
 * saw there last: a container that was started anew may have another.
 */
function toldWrites({ events, samples }: Recording): Iterable<ToldWrite> {
  const seen = new Map<string, { readonly atUs: Micros; readonly member: string }[]>();
  const states = events.filter(
    (event): event is EventOf<"postgres-state"> => event.kind === "postgres-state",
  );
  for (const { atUs, member, server } of states.toSorted((a, b) => a.atUs - b.atUs)) {
    if (server?.address == null) continue;
    const own = seen.get(server.address) ?? [];
    // Only who comes after another is news.
    if (own.at(-1)?.member !== member) own.push({ atUs, member });
    seen.set(server.address, own);
  }
  const memberAt = (address: string, atUs: number): string => {
    const own = seen.get(address) ?? [];
    return (own.findLast((one) => one.atUs <= atUs) ?? own[0])?.member ?? address;
  };
  return {
    *[Symbol.iterator]() {
      for (const sample of samples.get("write-probe") ?? []) {
        const by = sample.acknowledgedBy;
        if (sample.outcome !== "ok" || by === undefined) continue;
        yield { sample, by, server: by.address === null ? null : memberAt(by.address, sample.endUs) };
      }
    },
  };
}

/** How many acknowledged writes do not say by whom. */
function untoldOf({ samples }: Recording): number {
  let untold = 0;
  for (const { outcome, acknowledgedBy } of samples.get("write-probe") ?? []) {
    if (outcome === "ok" && acknowledgedBy === undefined) untold += 1;
  }
  return untold;
}
