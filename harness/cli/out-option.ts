import type { Command } from "commander";

export interface OutOption {
  /** Folder that holds all runs. */
  readonly out: string;
}

/** Adds `--out`. */
export function withOutOption(command: Command): Command {
  return command.option("--out <dir>", "folder that holds the runs", "runs");
}
