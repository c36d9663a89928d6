import type { EffectiveTiming, Finding } from "../../model/advice.ts";
import type { Topology } from "../../model/topology.ts";
import { asynchronousCoordinators } from "./asynchronous-coordinators.ts";
import type { Check } from "./check.ts";
import { failoverPromise } from "./failover-promise.ts";
import { hangingServer } from "./hanging-server.ts";
import { hangingSessions } from "./hanging-sessions.ts";
import { hangingWorker } from "./hanging-worker.ts";
import { oneSynchronousStandby } from "./one-synchronous-standby.ts";
import { poolerLoginRetry } from "./pooler-login-retry.ts";
import { recoveryOnStandby } from "./recovery-on-standby.ts";
import { restPortForClients } from "./rest-port-for-clients.ts";
import { restartInPlace } from "./restart-in-place.ts";
import { sessionPooling } from "./session-pooling.ts";
import { shippedTiming } from "./shipped-timing.ts";
import { timingRule } from "./timing-rule.ts";
import { workerConnections } from "./worker-connections.ts";
import { workerLimit } from "./worker-limit.ts";
import { workersWithoutStandby } from "./workers-without-standby.ts";

/** All static checks, in the order in which they are told. `Dn` ids are those of the documented system. */
const checks: readonly Check[] = [
  failoverPromise,
  shippedTiming,
  sessionPooling,
  restPortForClients,
  workersWithoutStandby,
  hangingWorker,
  recoveryOnStandby,
  workerConnections,
  workerLimit,
  hangingServer,
  oneSynchronousStandby,
  asynchronousCoordinators,
  timingRule,
  restartInPlace,
  poolerLoginRetry,
  hangingSessions,
];

/** What is believed of a topology and is not so. */
export function findings(topology: Topology, timing: EffectiveTiming | null): Finding[] {
  return checks.flatMap((check) => check(topology, timing) ?? []);
}
