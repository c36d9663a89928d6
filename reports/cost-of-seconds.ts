import type { Figure } from "../harness/model/measurement.ts";
import {
  counted,
  listed,
  formatCores,
  formatFigure,
  figureInWords,
  formatNumber,
} from "../harness/model/format-value.ts";
import {
  highestOf,
  type KnownFigure,
  knownFigures,
  lowestOf,
  medianFigure,
  sumOfFigures,
} from "../harness/stats/figures.ts";
import { sum } from "../harness/stats/sum.ts";
import type { Comparison, NamedRun, Side } from "./comparison.ts";

/** What one side has of something that is bought, or paid with. */
export interface SideCell {
  readonly figure: Figure;
  /** How it is written. */
  readonly format: (figure: Figure) => string;
  /** How much less than on the first side, in words; null: it is the first, or not known of both. */
  readonly saved: string | null;
}

export interface CostRow {
  /** Seconds that writes are not served, what that takes of the machines, or what it risks. */
  readonly kind: "bought" | "paid" | "risked";
  readonly title: string;
  /** How it was measured. */
  readonly how: string;
  /** One for each side, in order. */
  readonly cells: readonly SideCell[];
}

/** Roles of containers that serve clients, or are dpg-bench's own. All others are there to decide who leads. */
const NOT_DECIDING: readonly string[] = [
  "coordinators",
  "workers",
  "haproxy",
  "pgbouncer",
  "agent",
  "observer",
];

/**
 * What each second of unavailability that a side saves costs: of the sides of a comparison of faults on different topologies, the medians of
 * unavailability, what decides about failovers uses, the latency of an undisturbed write, and what was lost or in danger. null: the
 * runs are no such ones.
 */
export function costOfSeconds({ sides, runs, compared }: Comparison): readonly CostRow[] | null {
  const topologies = new Set(runs.map(({ recording }) => recording.plan.topology.name));
  if (topologies.size < 2 || runs.some(({ recording }) => recording.plan.load === null)) return null;
  const bought = compared.rows
    .filter(({ metric }) => metric === "write-unavailability")
    .map(({ of, figures }) => ({
      kind: "bought" as const,
      title: of,
      how: `median of ${injectionsOf(of, sides)}`,
      cells: figures.map((figure, index) => seconds(figure, index === 0 ? null : (figures[0] ?? null))),
    }));
  if (bought.length === 0) return null;
  return [...bought, ...paid(sides), ...risked(sides)];
}

function injectionsOf(kind: string, sides: readonly Side[]): string {
  return injectionsInWords(
    sides,
    ({ measurements }) =>
      measurements.figures.filter(
        (each) => each.metric === "write-unavailability" && (each.kind ?? each.fault) === kind,
      ).length,
  );
}

/** "3 injections each", "9, 3 and 3 injections". */
function injectionsInWords(sides: readonly Side[], of: (run: NamedRun) => number): string {
  const counts = sides.map(({ runs }) => sum(runs.map(of)));
  const [first = 0] = counts;
  return counts.every((count) => count === first)
    ? `${counted(first, "injection")} each`
    : `${listed(counts, "and")} injections`;
}

function paid(sides: readonly Side[]): readonly CostRow[] {
  return [
    row(
      "paid",
      "What decides about failovers",
      "containers that neither serve clients nor are dpg-bench's own: etcd, guards, a monitor",
      sides,
      (run) => ({
        figure: ofDeciders(run, ({ containers }) => containers),
        write: (value) => counted(value, "container"),
      }),
    ),
    row(
      "paid",
      "Its processor",
      "of these containers together, on average before the first fault",
      sides,
      (run) => ({
        figure: ofDeciders(run, ({ cpuCores }) => cpuCores),
        write: (value) => `${formatCores(value)} cores`,
      }),
    ),
    row("paid", "Its memory", "of these containers together, before the first fault", sides, (run) => ({
      figure: ofDeciders(run, ({ memoryMb }) => memoryMb),
      write: (value) => `${formatNumber(value)} MiB`,
    })),
    ...(["p50", "p95"] as const).map((percentile) =>
      row(
        "paid",
        `A write's latency, ${percentile}`,
        "of the write probe, from its intended start, before the first fault",
        sides,
        ({ measurements }) => ({
          figure: measurements.latency.find(
            ({ stream, part }) => stream === "write-probe" && part === "before",
          )?.latencyMs[percentile] ?? { kind: "withheld", reason: "there is no steady phase" },
          write: (value) => `${formatNumber(value)} ms`,
        }),
      ),
    ),
  ];
}

function risked(sides: readonly Side[]): readonly CostRow[] {
  const ofInjections = (
    { measurements }: NamedRun,
    of: (one: NamedRun["measurements"]["injections"][number]) => Figure,
  ): Figure => allTogether(measurements.injections.map(of), sumOfFigures, "nothing was injected");
  // Sums grow with what was injected.
  const inAll = `in all, ${injectionsInWords(sides, ({ measurements }) => measurements.injections.length)}`;
  return [
    row("risked", "Acknowledged writes lost", `read back after every injection; ${inAll}`, sides, (run) => ({
      figure: ofInjections(run, ({ lostWrites }) => lostWrites),
      write: formatNumber,
      together: "sum",
    })),
    row(
      "risked",
      "Two members writable at once",
      `seconds, acknowledging or not; ${inAll}`,
      sides,
      (run) => ({
        figure: ofInjections(run, ({ twoPrimariesMs }) => twoPrimariesMs),
        write: (ms) => `${formatNumber(ms / 1000)} s`,
        together: "sum",
      }),
    ),
    row(
      "risked",
      "Writes that a second primary acknowledged",
      `by timeline and server; ${inAll}`,
      sides,
      (run) => {
        const figures = run.measurements.figures.filter(({ metric }) => metric === "second-primary-writes");
        const own = figures.map(({ figure }) => figure);
        return {
          figure: allTogether(own, sumOfFigures, "it was not looked for"),
          write: formatNumber,
          together: "sum",
        };
      },
    ),
    row(
      "risked",
      "Until the next fault may come",
      "median time to full redundancy, over all injections",
      sides,
      ({ measurements }) => {
        const known = knownFigures(
          measurements.injections.map(({ timeToFullRedundancySeconds }) => timeToFullRedundancySeconds),
        );
        return {
          figure:
            known.length > 0
              ? medianFigure(known)
              : { kind: "withheld", reason: "full redundancy was not seen to come back" },
          write: (value) => `${formatNumber(value)} s`,
        };
      },
    ),
  ];
}

interface Quantity {
  readonly figure: Figure;
  readonly write: (value: number) => string;
  /** What is made of several runs of a side: the median unless said. */
  readonly together?: "sum";
}

function row(
  kind: CostRow["kind"],
  title: string,
  how: string,
  sides: readonly Side[],
  of: (run: NamedRun) => Quantity,
): CostRow {
  return {
    kind,
    title,
    how,
    cells: sides.map(({ runs }) => {
      const all = runs.map(of);
      const { write = formatNumber, together } = all[0] ?? {};
      const figure = allTogether(
        all.map((each) => each.figure),
        together === "sum" ? sumOfFigures : medianFigure,
        "it was not measured",
      );
      return { figure, format: (one) => figureInWords(one, write), saved: null };
    }),
  };
}

/** What is made of figures that must all be known: of one that is not, its reason; of none at all, `ofNone`. */
function allTogether(
  figures: readonly Figure[],
  make: (known: readonly KnownFigure[]) => Figure,
  ofNone: string,
): Figure {
  const withheld = figures.find(({ kind }) => kind === "withheld");
  if (withheld !== undefined) return withheld;
  return figures.length === 0 ? { kind: "withheld", reason: ofNone } : make(knownFigures(figures));
}

function ofDeciders(
  { measurements }: NamedRun,
  of: (role: NonNullable<NamedRun["measurements"]["containers"]>[number]) => number,
): Figure {
  const { containers = [] } = measurements;
  if (containers.length === 0)
    return { kind: "withheld", reason: "the steady phase has no readings of containers" };
  return {
    kind: "value",
    value: sum(containers.filter(({ role }) => !NOT_DECIDING.includes(role)).map(of)),
  };
}

function seconds(figure: Figure, first: Figure | null): SideCell {
  return { figure, format: (one) => formatFigure(one, "s"), saved: savedInWords(figure, first) };
}

function savedInWords(own: Figure, first: Figure | null): string | null {
  if (first === null || own.kind === "withheld" || first.kind === "withheld") return null;
  const least = lowestOf(first) - highestOf(own);
  const most = highestOf(first) - lowestOf(own);
  if (!Number.isFinite(least) && !Number.isFinite(most)) return null;
  const sure =
    Number.isFinite(least) && least >= 0 ? least : Number.isFinite(most) && most <= 0 ? most : null;
  if (sure === null) return "about the same, as far as is known";
  const exact = least === most ? "" : "at least ";
  if (Math.abs(sure) < 0.005) return "the same";
  return `${exact}${formatFigure({ kind: "value", value: Math.abs(sure) }, "s")} ${sure > 0 ? "less" : "more"}`;
}
