import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";

/** As of a run's verdict: the engine measures right, it does not, or the machine was too late to say. */
const exitCodes = { matches: 0, differs: 1, unknown: 2 } as const;

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
      const { systemClock } = await import("../../support/system-clock.ts");
      const { renderCalibration } = await import("../render-calibration.ts");
      const onStep = (title: string): void => io.stderr(`${title} ...\n`);
      const calibration = await calibrate({ clock: systemClock(), signal, onStep });
      io.styled.stdout(
        json ? `${JSON.stringify(calibration, null, 2)}\n` : renderCalibration(calibration, io.colour.stdout),
      );
      context.endWith(exitCodes[calibration.outcome]);
    });
}
