import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { createProgress } from "../progress/create-progress.ts";

interface SetupFlags {
  readonly yes: boolean;
  readonly forDevelopment: boolean;
  readonly base?: string;
  readonly caBundle?: string;
}

/** `setup`: makes this machine ready; doing it again does nothing. */
export function registerSetup(program: Command, context: CommandContext): void {
  program
    .command("setup")
    .description("make this machine ready: Docker Engine, base image, images; says first what it will do")
    .option("-y, --yes", "do root work (install packages, start the engine) without asking", false)
    .option("--for-development", "also install what only dpg-bench's own tests need", false)
    .option(
      "--base <image>",
      "build on this image instead of Debian trixie, such as one with Citus (DPG_BENCH_BASE)",
    )
    .option(
      "--ca-bundle <file>",
      "certificates to trust in builds, where a proxy re-signs TLS (SSL_CERT_FILE, NODE_EXTRA_CA_CERTS)",
    )
    .action(async (flags: SetupFlags) => {
      const { setUp } = await import("../../setup/set-up.ts");
      const { io, signal } = context;
      const progress = createProgress(io);
      try {
        const images = await setUp({
          base: flags.base,
          caBundle: flags.caBundle,
          development: flags.forDevelopment,
          announce: (lines) => io.stderr(`${lines.join("\n")}\n`),
          consent: flags.yes ? () => Promise.resolve(true) : asker(context),
          progress,
          signal,
        });
        await progress.close("done");
        io.stdout(`This machine is ready: images ${images.node} and ${images.agent}.\n`);
      } catch (error) {
        await progress.close("failed");
        throw error;
      }
    });
}

/** Asks on the terminal; null where there is none, so that nothing waits for an answer that cannot come. */
function asker({ io, signal }: CommandContext): (() => Promise<boolean>) | null {
  if (io.live === null || !process.stdin.isTTY) return null;
  const output = io.live;
  return async () => {
    const reader = createInterface({ input: process.stdin, output });
    try {
      const answer = await reader.question("This changes the system, as root. Go on? [y/N] ", { signal });
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      reader.close();
    }
  };
}
