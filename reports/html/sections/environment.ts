import type { Run } from "../../run.ts";
import { html, type Content, type Markup } from "../markup.ts";
import { section } from "../section.ts";
import { table } from "../table.ts";

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
