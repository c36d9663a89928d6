import { connectEngine } from "../runtime/docker/engine.ts";
import { MachineError } from "../model/errors.ts";
import type { Progress } from "../model/progress.ts";
import { findRemains } from "./daemon-remains.ts";
import { endProcesses, removeStaleFiles } from "./end-remains.ts";
import { ensureImages, type ImageNames } from "./images.ts";
import { installPackages } from "./install-packages.ts";
import { buildK6, K6_MEND, type K6Program } from "./k6-build.ts";
import { lookAtMachine, type Init, type MachineFacts } from "./machine-facts.ts";
import { thisMachine, type Machine } from "./machine.ts";
import { describeStep, needsRoot, planSetup, stepByHand, type SetupStep } from "./plan-setup.ts";
import { runCommand } from "./run-command.ts";
import { startDaemon, waitUntilAnswering } from "./start-daemon.ts";

export interface SetupOptions {
  readonly base?: string | undefined;
  readonly caBundle?: string | undefined;
  /** Also what only dpg-bench's own tests need. */
  readonly development: boolean;
  /** Asks before root work is done; null where nobody can be asked, so that it is refused. */
  readonly consent: (() => Promise<boolean>) | null;
  /** Shows the plan, before anything is asked or done. */
  readonly announce: (lines: readonly string[]) => void;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A restarted daemon first stops the containers of one that was killed: up to 10 s, and a cold disk is slow. */
const START_BUDGET_MS = 90_000;
const COMMAND_BUDGET_MS = 120_000;
const DAEMON_LOG = "/var/log/dockerd.log";

/**
 * Makes this machine ready: says what it will do, asks before root work, then does it. Doing it again does nothing.
 * Raises MachineErrors that say what is in the way and how to get past it.
 */
export async function setUp(options: SetupOptions): Promise<ImageNames> {
  const { progress } = options;
  const machine = thisMachine();
  const facts = await lookAtMachine(machine);
  const steps = planSetup(facts, { development: options.development, base: options.base });
  options.announce([
    "dpg-bench setup will:",
    ...steps.map((step, index) => `  ${index + 1}. ${describeStep(step)}`),
    ...(facts.go
      ? []
      : [`It will not build k6, as there is no Go: \`--engine k6\` stays unavailable. ${K6_MEND}`]),
  ]);
  await requireConsent(
    steps.filter((step) => needsRoot(step)),
    facts,
    options,
  );
  const beside = new AbortController();
  let images: ImageNames | undefined;
  let k6: Promise<K6Program | null> = Promise.resolve(null);
  try {
    for (const step of steps) {
      progress.step(titleOf(step));
      if (step.kind === "build-k6") k6 = buildK6OrSay(options, beside.signal);
      else if (step.kind === "build-images") images = await ensureImages({ ...options, k6: () => k6 });
      else await carryOut(step, machine, facts, options);
    }
    return images ?? (await ensureImages(options));
  } finally {
    beside.abort();
  }
}

async function requireConsent(
  rootSteps: readonly SetupStep[],
  facts: MachineFacts,
  { consent, base, development }: SetupOptions,
): Promise<void> {
  if (rootSteps.length === 0) return;
  const byHand = rootSteps.map((step) => `  ${stepByHand(step) ?? ""}`).join("\n");
  const again = `npx dpg-bench setup --yes${development ? " --for-development" : ""}${base === undefined ? "" : ` --base ${base}`}`;
  if (!facts.root) {
    throw new MachineError({
      code: "needs-root",
      message: "Expected root rights for the steps above, found none.",
      hint: `Run \`sudo ${again}\`, or run these as root and then setup again:\n${byHand}`,
    });
  }
  if (consent === null || !(await consent())) {
    throw new MachineError({
      code: "no-consent",
      message: "Expected consent to change the system (the steps above), found none.",
      hint: `Run \`${again}\`, or run these and then setup again:\n${byHand}`,
    });
  }
}

function titleOf(step: SetupStep): string {
  return describeStep(step).split(": ")[0] ?? "";
}

/** A k6 that does not build is no reason to do without the rest. */
async function buildK6OrSay(
  { progress, signal }: SetupOptions,
  givenUp: AbortSignal,
): Promise<K6Program | null> {
  const either = AbortSignal.any([signal, givenUp]);
  try {
    return await buildK6({ signal: either, onLine: (line) => progress.detail(`k6: ${line}`) });
  } catch (error) {
    if (either.aborted) return null;
    if (!(error instanceof MachineError)) throw error;
    progress.note(`k6 is not there: ${error.message} ${error.hint ?? ""}`);
    return null;
  }
}

async function carryOut(
  step: Exclude<SetupStep, { readonly kind: "build-k6" | "build-images" }>,
  machine: Machine,
  facts: MachineFacts,
  options: SetupOptions,
): Promise<void> {
  const onLine = (line: string) => options.progress.detail(line);
  switch (step.kind) {
    case "install-packages":
      await installPackages(step.packages, { onLine, signal: options.signal });
      return;
    case "mount-cgroups":
      await runCommand("cgroupfs-mount", [], { budgetMs: COMMAND_BUDGET_MS, onLine, signal: options.signal });
      return;
    case "remove-stale-files":
      await removeStaleFiles(step.files);
      return;
    case "start-engine":
      await startEngine(step.how, machine, facts, options);
  }
}

async function startEngine(
  how: Init,
  machine: Machine,
  facts: MachineFacts,
  { signal, progress }: SetupOptions,
): Promise<void> {
  const connect = () => connectEngine();
  const start = { logFile: DAEMON_LOG, connect, budgetMs: START_BUDGET_MS, signal };
  // Installing the package may have started it.
  if (await connect().then(Boolean, () => false)) return;
  if (how !== "none") {
    const [program = "", ...parameters] = how === "systemd" ? SYSTEMD : SERVICE;
    const { status, tail } = await runCommand(program, parameters, { budgetMs: COMMAND_BUDGET_MS, signal });
    if (status === 0) {
      await waitUntilAnswering(start, () => null);
      return;
    }
    progress.note(`the service did not start (${tail.at(-1) ?? ""}); starting dockerd by itself`);
  }
  const command = ["dockerd"];
  try {
    await startDaemon({ ...start, command });
  } catch (error) {
    const remains = await findRemains(machine, facts.place);
    if (remains.processes.length === 0 && remains.stalePidFiles.length === 0) throw error;
    progress.note("it did not start beside what a killed daemon left; ending that and starting again");
    await endProcesses(remains.processes);
    await removeStaleFiles(remains.stalePidFiles);
    await startDaemon({ ...start, command });
  }
}

const SYSTEMD = ["systemctl", "start", "docker"];
const SERVICE = ["service", "docker", "start"];
