import type { Micros } from "../../model/clock.ts";
import type { EngineDescription } from "../../model/stage.ts";
import { findWorkload } from "../../workloads/catalogue.ts";
import type { AddressCache } from "../wire/address-cache.ts";
import type { MessageOutlet } from "../protocol/agent-protocol.ts";
import { engineCatalogue } from "../engines/catalogue.ts";
import type { StageLoad } from "../protocol/stage-load.ts";
import { SqlFailure } from "../wire/run-sql.ts";

/** A stage that this agent sends, or has sent. */
export interface AgentStage {
  readonly startedUs: Micros;
  readonly engine: EngineDescription;
  readonly running: boolean;
  /** Ends it early; does nothing when it has ended. */
  stop(): Promise<void>;
}

/** Samples of one message at most: a line of about 100 kB. */
const ROWS_PER_MESSAGE = 2000;

/**
 * Looks the stage's workload and engine up and starts it; what it reports is sent on. While the harness is far behind,
 * samples are counted and left out, seconds never. Rejects with a SqlFailure.
 */
export async function startAgentStage(options: {
  readonly load: StageLoad;
  readonly login: { readonly user: string; readonly password: string };
  readonly addressOf: AddressCache;
  readonly epochNs: bigint;
  readonly nowUs: () => Micros;
  readonly outlet: MessageOutlet;
}): Promise<AgentStage> {
  const { load, login, addressOf, epochNs, nowUs, outlet } = options;
  const { stage } = load;
  const definition = findWorkload(load.workload, load.parameters);
  if (definition === undefined) {
    throw new SqlFailure({
      message: `This agent has no workload ${load.workload}`,
      code: "unknown-workload",
    });
  }
  const engine = engineCatalogue[load.client.engine];
  const samplesLeftOut: Record<string, number> = {};
  const started = await engine.start(
    { ...load, definition, login, addressOf, epochNs },
    {
      second: (second) => outlet.send({ type: "stage-second", second }),
      samples: (operation, rows) => {
        for (let from = 0; from < rows.length; from += ROWS_PER_MESSAGE) {
          const some = rows.slice(from, from + ROWS_PER_MESSAGE);
          if (outlet.isBehind) samplesLeftOut[operation] = (samplesLeftOut[operation] ?? 0) + some.length;
          else outlet.send({ type: "stage-samples", stage, operation, rows: some });
        }
      },
      answers: (operation, rows) => outlet.send({ type: "stage-answers", stage, operation, rows }),
      writes: (piece) => outlet.send({ type: "stage-writes", stage, piece }),
    },
  );
  let running = true;
  void started.ended.then((end) => {
    running = false;
    outlet.send({ type: "stage-ended", stage, atUs: Math.round(nowUs()), end, samplesLeftOut });
  });
  return {
    startedUs: started.startedUs,
    engine: started.engine,
    get running() {
      return running;
    },
    stop: async () => {
      if (running) await started.stop();
    },
  };
}
