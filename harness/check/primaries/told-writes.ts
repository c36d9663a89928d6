import type { History } from "../../model/checker.ts";
import type { Micros } from "../../model/clock.ts";
import type { EventOf } from "../../model/event.ts";
import type { AcknowledgedWrites } from "../../model/primaries.ts";
import { type Acknowledgement, isDirect, type Sample } from "../../model/sample.ts";

/** An acknowledged write that says who committed it. */
export interface ToldWrite {
  readonly sample: Sample;
  readonly by: Acknowledgement;
  /** The member at that address then; the address itself where no observer saw one there. */
  readonly server: string | null;
}

/**
 * Acknowledged writes, of the write probe and of writers to single members, that say by whom, each time anew. Addresses are members' by what the observers
 * saw there last: a container that was started anew may have another.
 */
export function toldWrites({ events, samples }: History): Iterable<ToldWrite> {
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
      for (const sample of writesOf(samples)) {
        const by = sample.acknowledgedBy;
        if (sample.outcome !== "ok" || by === undefined) continue;
        yield { sample, by, server: by.address === null ? null : memberAt(by.address, sample.endUs) };
      }
    },
  };
}

/** Of the write probe, and of the writers to single members. */
function* writesOf(samples: History["samples"]): Generator<Sample> {
  for (const [stream, own] of samples) if (stream === "write-probe" || isDirect(stream)) yield* own;
}

/** How many acknowledged writes do not say by whom. */
export function untoldWrites({ samples }: History): number {
  let untold = 0;
  for (const { outcome, acknowledgedBy } of writesOf(samples)) {
    if (outcome === "ok" && acknowledgedBy === undefined) untold += 1;
  }
  return untold;
}

/** Counts writes by the server that acknowledged them, as they come. */
export class ServerCounts {
  readonly #counts = new Map<string, AcknowledgedWrites & { readonly firstUs: Micros }>();

  add({ sample: { endUs }, by: { timeline }, server }: ToldWrite): void {
    const key = `${timeline} ${server ?? ""}`;
    const before = this.#counts.get(key);
    const firstUs = Math.min(endUs, before?.firstUs ?? Infinity);
    this.#counts.set(key, { server, timeline, writes: (before?.writes ?? 0) + 1, firstUs });
  }

  /** In order of first acknowledgement. */
  inOrder(): AcknowledgedWrites[] {
    return [...this.#counts.values()]
      .sort((a, b) => a.firstUs - b.firstUs)
      .map(({ server, timeline, writes }) => ({ server, timeline, writes }));
  }
}

/** "2 by coordinator-1 on timeline 3". */
export function writesInWords({ server, timeline, writes }: AcknowledgedWrites): string {
  return `${writes} by ${server ?? "a server without an address"} on timeline ${timeline}`;
}
