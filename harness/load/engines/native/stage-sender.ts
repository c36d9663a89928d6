import type { Micros } from "../../../model/clock.ts";
import { seededRandom } from "../../../support/seeded-random.ts";
import type { EngineLoad, StageSink } from "../engine.ts";
import { ClientGauge } from "./record/client-gauge.ts";
import { StageRecorder } from "./record/stage-recorder.ts";
import { WriteOutcomesRecorder } from "./record/write-outcomes-recorder.ts";
import { chooseOperation } from "./schedule/choose-operation.ts";
import { ClosedLoad } from "./schedule/closed-load.ts";
import type { EngineClock } from "./schedule/engine-clock.ts";
import { openSchedule, type Share } from "./schedule/open-schedule.ts";
import { operationRandom } from "./schedule/operation-random.ts";
import { PacedLoad } from "./schedule/paced-load.ts";
import { Sender, type LoadSource, type Outlet } from "./sender.ts";
import type { Route } from "./sessions/in-flight.ts";
import { waitingLimit } from "./sessions/waiting-limit.ts";

/** Sends one agent's share of a stage, over sessions that are there already. */
export function startStageSender(options: {
  readonly load: EngineLoad;
  readonly share: Share;
  readonly clock: EngineClock;
  /** By position of the operation. */
  readonly routes: readonly Route[];
  /** When the warm-up begins. */
  readonly startedUs: Micros;
  readonly sink: StageSink;
  readonly onError: (error: Error) => void;
}): Sender {
  const { load, share, clock, routes, startedUs, sink, onError } = options;
  const { stage, seed, shape, phases, client, firstId, definition, epochNs } = load;
  const { nowUs } = clock;
  const { warmupSeconds, steadySeconds, coolDownSeconds } = phases;
  const endUs = startedUs + (warmupSeconds + steadySeconds + coolDownSeconds) * 1e6;
  const source = (outlet: Outlet): LoadSource => {
    if (shape.kind === "open") {
      const schedule = openSchedule({ ...shape, phases, seed, stage, share });
      return new PacedLoad({ schedule, startedUs, routes, nowUs, outlet });
    }
    const thinkUs = shape.thinkTimeMs * 1000;
    const { begin } = outlet;
    return new ClosedLoad({ clients: shape.clients, share, thinkUs, startedUs, endUs, nowUs, begin });
  };
  const random = operationRandom(seed, stage);
  const choose = chooseOperation(load, share, random.next);
  const mostWaiting = waitingLimit(load, share);
  return new Sender({
    routes,
    source,
    choose: (each, number) => {
      random.begin(number);
      const route = routes[choose(each)];
      if (route === undefined) throw new Error("Expected an operation to begin, found none");
      return { route, id: firstId + number, random: random.next };
    },
    isFull: ({ sessions }) => sessions.waiting >= mostWaiting,
    retry: definition.retry,
    recorder: (sender) =>
      new StageRecorder({
        stage,
        operations: routes.map(({ operation }) => operation.definition.name),
        phases,
        startedUs,
        samplesKept: client.samplesKept,
        agents: share.of,
        latencyLimitUs: client.latencyLimitMs * 1000,
        random: seededRandom(seed, `stage ${stage} samples of ${share.agent}`),
        gauge: new ClientGauge(share.agent, startedUs),
        writes: new WriteOutcomesRecorder(
          routes.map(({ operation }) => operation.definition),
          firstId,
        ),
        answers: routes.map((route) => route.answers),
        sender,
        sink,
      }),
    endUs,
    nowUs,
    epochNs,
    onError,
  });
}
