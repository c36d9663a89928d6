import { expect, test } from "vitest";
import type { ClusterEvent } from "../../model/event.ts";
import { observeMonitor, type StandbyNames } from "./observe-monitor.ts";

type Row = Readonly<Record<string, unknown>>;

const row = (
  nodename: string,
  nodeid: string,
  reportedstate: string,
  goalstate: string,
  health = 1,
): Row => ({
  ...{ formationid: "coordinators", nodename, nodeid, reportedstate, goalstate, health },
});

/** Looks as many times as there are answers; an error stands for a connection that is refused. */
async function observe(answers: readonly (readonly Row[] | Error)[]) {
  const events: ClusterEvent[] = [];
  const names: StandbyNames = new Map();
  const ending = new AbortController();
  let looks = 0;
  const next = (): readonly Row[] => {
    const answer = answers[looks++];
    if (looks >= answers.length) ending.abort();
    if (answer instanceof Error) throw answer;
    return answer ?? [];
  };
  await observeMonitor(
    { host: "monitor", port: 5432, everyMs: 1 },
    { user: "postgres", password: "" },
    names,
    { nowUs: () => looks, emit: (event) => events.push(event), signal: ending.signal },
    () =>
      Promise.resolve({
        query: () => Promise.resolve().then(next),
        drop: () => undefined,
      }),
  );
  return { events, names };
}

test("what the monitor says of a node is told when it changes", async () => {
  const { events } = await observe([
    [row("coordinator-1", "1", "primary", "primary"), row("coordinator-2", "2", "secondary", "secondary")],
    [
      row("coordinator-1", "1", "primary", "draining", 0),
      row("coordinator-2", "2", "secondary", "secondary"),
    ],
  ]);
  expect(events).toMatchObject([
    {
      kind: "monitored-node",
      member: "coordinator-1",
      reported: "primary",
      assigned: "primary",
      healthy: true,
    },
    { kind: "monitored-node", member: "coordinator-2", reported: "secondary", healthy: true },
    {
      kind: "monitored-node",
      member: "coordinator-1",
      reported: "primary",
      assigned: "draining",
      healthy: false,
    },
  ]);
});

test("the name that a member streams under is learnt from the monitor's number of it", async () => {
  const { names } = await observe([[row("coordinator-2", "7", "secondary", "secondary")]]);
  expect([...names]).toEqual([["pgautofailover_standby_7", "coordinator-2"]]);
});

test("a monitor that is lost is told of once, and looked for again", async () => {
  const known = [row("coordinator-1", "1", "primary", "primary")];
  const { events } = await observe([known, new Error("gone"), new Error("gone"), known]);
  expect(events.map(({ kind }) => kind)).toEqual(["monitored-node", "note"]);
});
