import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HarnessError, UsageError } from "../model/errors.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import { plantEverywhere, writeRecording } from "../conclude/tampered-recording.fake.ts";
import { fakeIo } from "./cli-io.fake.ts";
import { createProgress } from "./progress/create-progress.ts";
import { renderError } from "./render-error.ts";
import { runCli } from "./run-cli.ts";
import { terminalText } from "./terminal-io.ts";

const RED = "\u001b[31mred";
const SHOWN = String.raw`\u001b[31mred`;
// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;

/** A terminal with colours: what colours there are must be ours. */
async function cli(...argv: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const io = fakeIo({}, { stdout: true, stderr: true });
  const exitCode = await runCli(argv, io);
  return { exitCode, ...io.shown };
}

/** Chalk's: bold, red, green, yellow, cyan, grey, and their ends. */
function withoutOurColours(text: string): string {
  // eslint-disable-next-line no-control-regex -- that is how the sequence begins
  return text.replace(/\u001B\[(?:[012]|22|3[1-69]|90)m/g, "");
}

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(path.join(tmpdir(), "dpg-printable-"));
});
afterEach(async () => {
  await rm(runs, { recursive: true, force: true });
});

describe("control characters reach the terminal from", () => {
  it("no recording: report, its JSON document, and compare show them as escapes", async () => {
    const directory = await writeRecording(runs, fakeRecording());
    await plantEverywhere(directory, (text) => `${text}\u001b]0;title\u0007\u009b2J\u202e${RED}`);
    const other = await writeRecording(runs, fakeRecording({ seed: 2 }));
    for (const argv of [
      ["report", directory],
      ["report", directory, "--json"],
      ["compare", directory, other],
      ["compare", directory, other, "--json"],
    ]) {
      const { stdout, stderr } = await cli(...argv);
      expect(stderr).toBe("");
      expect(stdout).toContain(argv.includes("--json") ? String.raw`\\u001b[31mred` : SHOWN);
      expect(withoutOurColours(stdout)).not.toMatch(CONTROL);
    }
  });

  it("no damaged recording: what was found is shown as escapes", async () => {
    const directory = await writeRecording(runs, fakeRecording({ injections: [] }));
    await writeFile(path.join(directory, "events.ndjson"), `${RED}\u009b2J\n{"kind":"\\u009b"}\n`);
    const { exitCode, stderr } = await cli("report", directory);
    expect(exitCode).toBe(64);
    expect(stderr).toContain(SHOWN);
    expect(withoutOurColours(stderr)).not.toMatch(CONTROL);
  });

  it("no name of a folder in a list of runs", async () => {
    const directory = await writeRecording(runs, fakeRecording({ injections: [] }));
    await rename(path.dirname(directory), path.join(runs, RED));
    const { stdout } = await cli("list", "runs", "--out", runs);
    expect(stdout).toContain(SHOWN);
    expect(stdout).not.toMatch(CONTROL);
  });

  it("no argument and no name of a file", async () => {
    await mkdir(path.join(runs, RED));
    await writeFile(path.join(runs, RED, "x.json"), "[1]");
    for (const argv of [
      ["plan", "failover-coordinator", "--topology", RED],
      ["plan", path.join(runs, RED, "x.json")],
      ["report", RED, "--out", runs],
      ["plan", "failover-coordinator", "--set", `postgres.parameters.${RED}=1`],
      ["plan", "failover-coordinator", "--set", `postgres.parameters.search_path=${RED}`],
    ]) {
      const { exitCode, stdout, stderr } = await cli(...argv);
      expect(exitCode).toBe(64);
      expect(`${stderr}${stdout}`).toMatch(/red/);
      expect(withoutOurColours(`${stderr}${stdout}`)).not.toMatch(CONTROL);
    }
  });

  it("no scenario and no topology: such names and texts are refused", async () => {
    const topology = path.join(runs, "mine.json");
    await writeFile(topology, JSON.stringify({ basedOn: "high-availability", name: RED }));
    const named = await cli("plan", "failover-coordinator", "--topology", topology);
    expect(named.exitCode).toBe(64);
    expect(named.stderr).toContain(`name: expected lower-case letters, digits and hyphens, found "${SHOWN}"`);

    const scenario = path.join(runs, "mine.yaml");
    await writeFile(scenario, 'basedOn: failover-coordinator\nname: "\\e[31mred"\n');
    const own = await cli("plan", scenario);
    expect(own.stderr).toContain(`name: expected lower-case letters, digits and hyphens, found "${SHOWN}"`);

    await writeFile(scenario, 'basedOn: failover-coordinator\nwhy: "plain, then \\e[31mred"\n');
    const why = await cli("plan", scenario);
    expect(why.exitCode).toBe(64);
    expect(why.stderr).toContain(
      `why: expected text without control characters, found "plain, then ${SHOWN}".`,
    );
  });

  it("no log of a container in an error, with the engine's and the stack's words", () => {
    const error = new HarnessError({
      code: "cluster-not-ready",
      message: `Expected small to be ready.\n--- coordinator-1, last lines\n${RED}\rhidden`,
      hint: `Look at ${RED}.`,
      cause: new Error(RED),
    });
    const { text } = renderError(error, { colour: true, debug: true });
    expect(text).toContain(`coordinator-1, last lines\n${SHOWN}\\u000dhidden\n`);
    expect(withoutOurColours(text)).not.toMatch(CONTROL);
    const two = renderError(
      new UsageError([
        { where: RED, message: "a." },
        { where: "b", message: RED },
      ]),
      {
        colour: true,
        debug: false,
      },
    );
    expect(withoutOurColours(two.text)).not.toMatch(CONTROL);
  });

  it("no step, detail or note of the progress", () => {
    const io = fakeIo();
    const progress = createProgress(io);
    progress.step(`Cluster ${RED}\nThe cluster kept its promise`);
    progress.note(`two\nlines ${RED}`);
    expect(io.shown.stderr).toMatch(/ Cluster \\u001b\[31mred\\u000aThe cluster/);
    expect(io.shown.stderr).toContain(`two\nlines ${SHOWN}`);
  });
});

describe("text with our own colours", () => {
  it("keeps them where the stream has colours, and nothing else of what moves a terminal", () => {
    expect(terminalText("\u001b[1mbold\u001b[22m \u001b[2J\u001b]0;t\u0007\u009b31m", true)).toBe(
      `\u001b[1mbold\u001b[22m ${String.raw`\u001b[2J\u001b]0;t\u0007\u009b31m`}`,
    );
  });

  it("has none where the stream has none", () => {
    expect(terminalText(RED, false)).toBe(SHOWN);
  });
});
