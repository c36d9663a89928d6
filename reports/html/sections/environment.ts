import type { RunPlan } from "../../../harness/model/plan.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { section, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** On what the run ran: figures compare only with those of the same machine, versions and dialects. */
export function environment(run: Run): Markup {
  const { environment: found } = run.recording;
  if (found === null) {
    return section(
      "environment",
      "Environment",
      html`<p>Not recorded: the run ended before the cluster was there.</p>`,
    );
  }
  const { machine, engine } = found;
  const rows: Content[][] = [
    [
      "Machine",
      `${machine.cpuModel}, ${machine.cores} cores, ${Math.round(machine.memoryMb / 1024)} GiB, fingerprint ${machine.fingerprint}`,
    ],
    ["Operating system", `${machine.os}, kernel ${machine.kernel}, Node.js ${machine.node}`],
    [
      "Container engine",
      engine === null
        ? "none"
        : `${engine.name} ${engine.version}, storage ${engine.storageDriver}, cgroup v${engine.cgroupVersion}`,
    ],
    ["dpg-bench", found.dpgBench.version],
    ["Dialects", `sharding ${found.dialects.sharding}, vectors ${found.dialects.vectors}`],
    ...Object.entries(found.components).map(([name, version]) => [name, version]),
    ...found.images.map(({ name, id }) => [`Image ${name}`, html`<span class="mono">${id}</span>`]),
  ];
  return section("environment", "Environment", table([{ title: "What" }, { title: "Found" }], rows));
}

/** The command line that asks the same question with the same chances, and the one that renders this page again. */
export function reproduce(run: Run): Markup {
  return section(
    "reproduce",
    "Do it again",
    html`<p>
        The same scenario with the same choices (the seed decides victims and moments; the cluster decides the
        rest):
      </p>
      <pre><code>${commandLine(run.recording.plan)}</code></pre>
      <p>This page again from its recording, without Docker, also on another machine:</p>
      <pre><code>dpg-bench report ${"<folder of this file>"}</code></pre>`,
  );
}

function commandLine({ scenario, topology, overrides, seed }: RunPlan): string {
  const words = ["dpg-bench run", scenario.name, `--topology ${topology.name}`, `--seed ${seed}`];
  if (scenario.quick) words.push("--quick");
  return [...words, ...overrides.map((override) => `--set ${quoted(override)}`)].join(" ");
}

function quoted(word: string): string {
  return /^[\w.=:/,@%+-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}
