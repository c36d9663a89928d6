import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultRuntime } from "../runtime/catalogue.ts";
import { runCliProcess } from "./cli-process.fake.ts";
import { makeFolder } from "./tiny-scenario.fake.ts";

let folder: string;
const left = new Set<string>();
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(async () => {
  for (const id of left) await runCliProcess(["down", id], { folder });
  await rm(folder, { recursive: true, force: true });
});

describe.each(["development", "high-availability"])("up, status and down of %s", (topology) => {
  let id: string;
  let lines: readonly string[];

  it("up prints how to get in", async () => {
    const { exitCode, stdout, stderr } = await runCliProcess(["up", topology], { folder });
    expect(stderr).not.toContain("Warning");
    expect(exitCode).toBe(0);
    const told = new RegExp(
      `^${topology} (\\w+) is up after [\\d.]+ m?s and holds [\\d.,]+ [MG]iB of memory; \`dpg-bench down \\1\` removes it`,
    );
    id = told.exec(stdout)?.[1] ?? "";
    expect(id).not.toBe("");
    left.add(id);
    lines = commandsIn(stdout);
    expect(lines.length).toBeGreaterThan(1);
  });

  it("the lines work as they are pasted", async () => {
    for (const line of lines.filter((one) => one.includes("psql"))) {
      const said = await paste(line, "select 6 * 7 as answer, current_database() as name;\n");
      expect(said).toMatch(/42 *\| *bench/);
    }
    for (const line of lines.filter((one) => one.includes("patronictl") && one.includes(" list "))) {
      expect(await paste(line, "")).toMatch(/coordinator-1 .*(Leader|Sync Standby|Quorum Standby|Replica)/);
    }
    expect(lines.some((line) => line.includes("patronictl"))).toBe(topology !== "development");
  });

  it("status shows it node by node, with the same lines to the nodes", async () => {
    const { exitCode, stdout } = await runCliProcess(["status", id], { folder });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${topology} ${id} (interactive)`);
    expect(stdout).toMatch(/coordinator-1 +Up /);
    for (const line of commandsIn(stdout)) expect(lines).toContain(line);
  });

  it("down removes all of it", async () => {
    const { exitCode, stdout } = await runCliProcess(["down", id], { folder });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`removed ${topology} ${id}`);
    expect((await defaultRuntime.clusters()).map((cluster) => cluster.id)).not.toContain(id);
    left.delete(id);
    const again = await runCliProcess(["down", id], { folder });
    expect(again.exitCode).toBe(64);
    expect(again.stderr).toContain("there is no such cluster");
  });
});

function commandsIn(text: string): readonly string[] {
  return text.split("\n").filter((line) => /^(psql|docker exec) /.test(line));
}

/** Runs a line as a shell in a terminal would, types the input, and resolves with all that was shown. */
async function paste(line: string, input: string): Promise<string> {
  const child = spawn("script", ["-qec", line, "/dev/null"], { env: { ...process.env, PAGER: "cat" } });
  let shown = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    // psql is ready for input when it has shown its prompt.
    if (input !== "" && !/[=#]> $|=# $/.test(shown) && /[=#]> $|=# $/.test(shown + text)) {
      child.stdin.write(shown.includes("42") ? "\\q\n" : input);
    }
    shown += text;
    if (shown.includes("(1 row)")) child.stdin.write("\\q\n");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (shown += text));
  const exitCode = await new Promise((resolve) => child.on("close", resolve));
  expect(exitCode, shown).toBe(0);
  return shown;
}
