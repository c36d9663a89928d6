import { MachineError } from "../model/errors.ts";
import { runCommand } from "./run-command.ts";

const UPDATE_BUDGET_MS = 5 * 60_000;
const INSTALL_BUDGET_MS = 20 * 60_000;

/**
 * Installs Debian packages without their recommendations. A package source that fails to update is tolerated as long
 * as the packages can be had from the others. Raises a MachineError `packages-not-installed` with apt's last words.
 */
export async function installPackages(
  packages: readonly string[],
  options: { readonly onLine: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const environment = { DEBIAN_FRONTEND: "noninteractive" };
  const update = await runCommand("apt-get", ["--quiet", "update"], {
    ...options,
    environment,
    budgetMs: UPDATE_BUDGET_MS,
  });
  const install = await runCommand(
    "apt-get",
    ["--quiet", "--yes", "--no-install-recommends", "--option=Dpkg::Use-Pty=0", "install", ...packages],
    { ...options, environment, budgetMs: INSTALL_BUDGET_MS },
  );
  if (install.status === 0) return;
  const complaints = update.status === 0 ? install.tail : [...update.tail, ...install.tail];
  throw new MachineError({
    code: "packages-not-installed",
    message: `Expected apt to install ${packages.join(", ")}, found exit code ${install.status ?? "none"}.`,
    hint: `Its last lines were:\n${complaints.map((line) => `  ${line}`).join("\n")}\nMend that, or install the packages by hand, and run setup again.`,
  });
}
