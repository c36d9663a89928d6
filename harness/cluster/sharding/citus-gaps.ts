import type { CitusNode } from "../../model/event.ts";
import { COORDINATORS, patroniCluster, type GroupSpec } from "../../model/layout.ts";
import type { ClusterView } from "../../model/view.ts";
import type { SeenCluster } from "../components/component.ts";

/**
 * Every coordinator has a row in pg_dist_node for the primary of each group that names the member that is primary now, is
 * active and, of a worker, has the newest metadata: before that no node can be added and no table be made. Where standbys are
 * read from, each has a row too. Which groups may hold shards is what operations change, and no gap.
 */
export function citusGaps({ topology, layout, view }: SeenCluster): readonly string[] {
  const coordinators = layout.groups.find(({ name }) => name === COORDINATORS)?.members ?? [];
  const unseen = coordinators.filter((name) => view.citusNodes[name] === undefined);
  const problems = layout.groups.flatMap((group) => {
    const { citusGroup } = patroniCluster(topology, group.name);
    const primary = onlyPrimary(group, view);
    // That there is not one primary is a gap that its group tells.
    if (primary === null) return [];
    return coordinators.flatMap((coordinator) => {
      const nodes = view.citusNodes[coordinator];
      if (nodes === undefined) return [];
      const own = nodes.filter((node) => node.citusGroup === citusGroup);
      const found = [
        ...primaryProblem(own, primary, group.role === "worker"),
        ...(topology.workers.readFromStandbys ? standbyProblems(own, group, primary) : []),
      ];
      return found.map((problem) => ({ coordinator, problem: `${group.name}: ${problem}` }));
    });
  });
  return [
    ...unseen.map((name) => `${COORDINATORS}: pg_dist_node of ${name} has not been seen`),
    // Standbys have the same rows as their primary, but for moments.
    ...[...new Set(problems.map(({ problem }) => problem))].map((problem) => {
      const on = problems.filter((each) => each.problem === problem).map(({ coordinator }) => coordinator);
      return `${problem} (pg_dist_node on ${on.join(", ")})`;
    }),
  ];
}

function primaryProblem(own: readonly CitusNode[], primary: string, isWorker: boolean): string[] {
  const row = own.find(({ role }) => role === "primary");
  if (row === undefined) return ["Citus knows no primary of it"];
  if (row.host !== primary) return [`Citus takes ${row.host} for its primary, which is ${primary}`];
  if (!row.active) return [`Citus has its primary ${primary} as not active`];
  return isWorker && !row.metadataSynced ? [`Citus has not synced its metadata to ${primary}`] : [];
}

/** Of those from which is read. */
function standbyProblems(own: readonly CitusNode[], { members }: GroupSpec, primary: string): string[] {
  return members
    .filter((name) => name !== primary)
    .filter((name) => !own.some(({ host, role, active }) => host === name && role === "secondary" && active))
    .map((name) => `Citus does not know ${name} as an active secondary to read from`);
}

/** null: there is none, or more than one. */
function onlyPrimary({ members }: GroupSpec, view: ClusterView): string | null {
  const [primary, second] = members.filter((name) => view.members[name]?.inRecovery === false);
  return second === undefined ? (primary ?? null) : null;
}
