import type { EventOf } from "../model/event.ts";
import { COORDINATORS } from "../model/layout.ts";
import type { Recording } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import type { PrimariesStretch } from "../model/primaries.ts";
import type { SafetyChecks } from "../model/safety.ts";
import { findPrimaries } from "./find-primaries.ts";
import { countByServer, findSecondAcknowledgements, type ToldWrite } from "./find-second-acknowledgements.ts";
import { type GroupOfVariant, watchedGroups } from "./watched-groups.ts";

/** Was there ever more than one primary in a group, could they acknowledge, and did they? */
export function checkPrimaries(
  recording: Recording,
): Pick<SafetyChecks, "primaries" | "secondAcknowledgements"> {
  const groups = watchedGroups(recording);
  const acknowledged = (recording.samples.get("write-probe") ?? []).filter(({ outcome }) => outcome === "ok");
  const writes = toldWrites(recording, acknowledged);
  return {
    primaries: groups.map((watched) => ({
      variant: watched.variant,
      group: watched.group,
      watched: isWatched(watched),
      stretches: findPrimaries(watched).map((stretch) => ({
        ...stretch,
        // The probes' table lives on the coordinators alone.
        acknowledged: watched.group === COORDINATORS ? acknowledgedIn(stretch, writes) : null,
      })),
    })),
    secondAcknowledgements:
      recording.plan.load !== null && groups.some(({ group }) => group === COORDINATORS)
        ? findSecondAcknowledgements(writes, acknowledged.length - writes.length)
        : null,
  };
}

function isWatched({ events, group }: GroupOfVariant): boolean {
  return events.some((event) => event.kind === "postgres-state" && event.group === group);
}

function acknowledgedIn(
  { fromUs, toUs }: Pick<PrimariesStretch, "fromUs" | "toUs">,
  writes: readonly ToldWrite[],
): PrimariesStretch["acknowledged"] {
  if (writes.length === 0) return null;
  return countByServer(writes.filter(({ sample }) => sample.endUs >= fromUs && sample.endUs < toUs));
}

/** Addresses are members' by what the observers saw there last: a container that was started anew may have another. */
function toldWrites({ events }: Recording, acknowledged: readonly Sample[]): ToldWrite[] {
  const seen = events
    .filter((event): event is EventOf<"postgres-state"> => event.kind === "postgres-state")
    .flatMap(({ atUs, member, server }) => (server?.address == null ? [] : [{ atUs, member, ...server }]))
    .sort((a, b) => a.atUs - b.atUs);
  const memberAt = (address: string, atUs: number): string =>
    (
      seen.findLast((one) => one.address === address && one.atUs <= atUs) ??
      seen.find((one) => one.address === address)
    )?.member ?? address;
  return acknowledged.flatMap((sample): ToldWrite[] => {
    const by = sample.acknowledgedBy;
    if (by === undefined) return [];
    return [{ sample, by, server: by.address === null ? null : memberAt(by.address, sample.endUs) }];
  });
}
