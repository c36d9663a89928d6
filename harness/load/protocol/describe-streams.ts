import type { LoadPlan } from "../../model/load.ts";
import { probeStream, type StreamDescription } from "../../model/sample.ts";
import type { Workload } from "../../model/workload.ts";
import {
  directWriter,
  readProbe,
  shardReadProbe,
  shardWriteProbe,
  writeProbe,
  type Probe,
} from "../../workloads/ledger.ts";

/**
 * The streams that a load plan makes (none for a benchmark, whose stages are recorded apart): both probes, both for
 * each of the worker groups where the plan probes shards, a writer to each member where it has them, and one stream for each operation of the background's mix.
 */
export function describeStreams(
  load: LoadPlan | null,
  workload: Workload | null,
  groups: readonly string[],
  members: readonly string[],
): StreamDescription[] {
  if (load === null) return [];
  const { shardProbes, directWriters } = load;
  return [
    { name: probeStream("write"), ...kindAndLedger(writeProbe), ...load.writeProbe },
    { name: probeStream("read"), ...kindAndLedger(readProbe), ...load.readProbe },
    ...(shardProbes == null
      ? []
      : groups.flatMap((group) =>
          [shardWriteProbe([]), shardReadProbe([])].map((probe) => ({
            name: probeStream(probe.operation.kind, group),
            ...kindAndLedger(probe),
            ...shardProbes,
            group,
          })),
        )),
    ...(directWriters == null
      ? []
      : members.map((member) => ({
          name: `direct-${member}` as const,
          ...kindAndLedger(directWriter(member)),
          ...directWriters,
          member,
        }))),
    ...describeMix(load, workload),
  ];
}

function kindAndLedger({ operation }: Probe): Pick<StreamDescription, "kind" | "ledgerTable"> {
  return { kind: operation.kind, ledgerTable: operation.ledgerTable };
}

/** Rates are the background's, by the operations' shares of the weights' sum. */
function describeMix({ background }: LoadPlan, workload: Workload | null): StreamDescription[] {
  if (background === null || workload === null) return [];
  const weights = workload.operations.reduce((sum, { weight }) => sum + weight, 0);
  return workload.operations.map(({ name, kind, weight, ledgerTable }) => ({
    name: `mix-${name}`,
    kind,
    ledgerTable,
    ratePerSecond: (background.ratePerSecond * weight) / weights,
    timeoutMs: background.timeoutMs,
  }));
}
