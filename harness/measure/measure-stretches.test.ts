import { expect, test } from "vitest";
import { fakeRecording } from "../model/recording.fake.ts";
import type { ResourceReading } from "../model/resource.ts";
import { container, machine, pooler } from "./bottleneck/readings.fake.ts";
import { listInjections } from "./list-injections.ts";
import { measureStretches } from "./measure-stretches.ts";

const recording = fakeRecording({ injections: [{ fault: "kill-node", writeOutageSeconds: 5 }] });
const windows = listInjections(recording, Infinity);
const [{ faultAtUs }] = windows as [(typeof windows)[0]];
const steadyUs = recording.events.find((event) => event.kind === "phase" && event.phase === "steady")!.atUs;

const idle = machine({ busyCores: 0.1 });
const full = machine({ busyCores: 4 });

test("what was full is told of the steady phase and of each injection apart", () => {
  const readings = [at(steadyUs, full), at(steadyUs + 1e6, idle), at(faultAtUs + 1e6, full)];
  const stretches = measureStretches({ ...recording, resources: readings }, windows, Infinity);
  expect(stretches).toMatchObject([
    { of: "steady phase", bottlenecks: [] },
    { of: "kill-node, injection 1", bottlenecks: [{ resource: "CPU of the machine", utilisation: 1 }] },
  ]);
});

test("clients that queue at a pooler during an outage are no bottleneck of the injection; before it they are", () => {
  const queueing = pooler("pgbouncer-1", { clientsWaiting: 40, serversActive: 20, poolSize: 20 });
  const readings = [
    at(steadyUs + 1e6, queueing),
    at(faultAtUs + 1e6, queueing),
    at(faultAtUs + 1e6, container("agent")),
  ];
  const stretches = measureStretches({ ...recording, resources: readings }, windows, Infinity);
  expect(stretches).toMatchObject([
    { of: "steady phase", bottlenecks: [{ resource: "connections of pgbouncer-1" }] },
    { of: "kill-node, injection 1", bottlenecks: [] },
  ]);
});

test("a recording without readings says of every stretch that it is not known", () => {
  expect(measureStretches({ ...recording, resources: [] }, windows, Infinity)).toEqual([
    { of: "steady phase", bottlenecks: null },
    { of: "kill-node, injection 1", bottlenecks: null },
  ]);
});

function at(atUs: number, reading: object): ResourceReading {
  return { atUs, ...reading } as ResourceReading;
}
