import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";

/** Exit code when what was measured is not what is known. */
const DOES_NOT_MATCH = 1;

/** `calibrate`: feeds known delays through the engine and compares. Needs no Docker. */
export function registerCalibrate(program: Command, context: CommandContext): void {
  program
    .command("calibrate")
    .description(
      "feed known delays through the native engine and show that they come out right; needs no Docker",
    )
    .option("--json", "print the table as one JSON document", false)
    .action(async ({ json }: { readonly json: boolean }) => {
      if (json) context.answerWithJson();
      const { io, signal } = context;
      const { calibrate } = await import("../../calibrate/calibrate.ts");
      const { systemClock } = await import("../../system-clock.ts");
      const { renderCalibration } = await import("../render-calibration.ts");
      const onStep = (title: string): void => io.stderr(`${title} ...\n`);
      const calibration = await calibrate({ clock: systemClock(), signal, onStep });
      io.stdout(
        json ? `${JSON.stringify(calibration, null, 2)}\n` : renderCalibration(calibration, io.colour.stdout),
      );
      context.endWith(calibration.matches ? 0 : DOES_NOT_MATCH);
    });
}
