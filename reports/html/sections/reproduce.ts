import type { RunPlan } from "../../../harness/model/plan.ts";
import type { Run } from "../../run.ts";
import { html, type Markup } from "../markup.ts";
import { section } from "../section.ts";

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
