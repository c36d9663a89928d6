import { expect, test } from "vitest";
import { explainNotReady } from "./explain-not-ready.ts";
import { HarnessError, InterruptedError } from "../model/errors.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { viewAfter } from "../observe/client/cluster-view.fake.ts";
import { emptyView } from "../observe/client/cluster-view.ts";

const topology = fakeTopology();
const layout = layOut(topology);
/** Nothing else has been seen yet. */
const etcdAlone = { ...emptyView(layout), etcd: viewAfter(layout).etcd };
const stamp = "2026-11-24T15:13:08.118688819Z ";

async function explain(
  error: unknown,
  log: string,
  ended: readonly { node: string; exitCode: number }[] = [],
) {
  const kept = new Map<string, string>();
  const explained = await explainNotReady(error, {
    topology,
    watch: { view: () => etcdAlone },
    containers: {
      layout,
      logs: (node) =>
        node === "etcd-1"
          ? Promise.reject(new Error("no answer"))
          : Promise.resolve(node === "coordinator-2" ? log : ""),
      ended: () => Promise.resolve(ended),
    },
    keepFile: (file, text) => Promise.resolve(void kept.set(file, text)),
    budgets: { readyMs: 5000 },
    keptIn: "runs/x",
  });
  return { explained, kept };
}

const timedOut = new HarnessError({
  code: "wait-timed-out",
  message: "Expected a within 0.001 s; found: b.",
});

test("names the whole budget, what is missing, and where the logs are, of which every one is kept", async () => {
  const { explained, kept } = await explain(timedOut, "last words\n");
  expect(explained).toMatchObject({ code: "cluster-not-ready", exitCode: 70 });
  const { message, hint } = explained as HarnessError;
  expect(message).toContain("to be ready within 5 s, found that it was not. Expected a within 0.001 s");
  expect(message).toContain("missing: coordinators: coordinator-2 does not answer a direct connection");
  expect(message).toContain("--- coordinator-2, last lines\nlast words\n");
  expect(message).toContain("--- coordinator-1, last lines\n(nothing yet)");
  expect(hint).toContain("runs/x/logs");
  expect([...kept.keys()]).toEqual(
    expect.arrayContaining(layout.nodes.map(({ name }) => `logs/${name}.log`)),
  );
  expect(kept.get("logs/etcd-1.log")).toContain("no answer");
});

test("puts the node that has ended first, with its complaint and without its tracebacks", async () => {
  const chatter = Array.from({ length: 40 }, (_, index) => `${stamp}line ${index}`);
  const traceback = ["Traceback (most recent call last):", '  File "ha.py", line 1', "    raise Fatal()"];
  const log = [`${stamp}FATAL:  no such library`, ...chatter, ...traceback.map((line) => stamp + line)].join(
    "\n",
  );
  const { explained } = await explain(timedOut, log, [{ node: "coordinator-2", exitCode: 1 }]);
  const { message } = explained as HarnessError;
  expect(message).toMatch(
    /^Expected every container .* found that coordinator-2 has ended \(exit code 1\)\.\n/,
  );
  const first = message.slice(message.indexOf("--- coordinator-2"), message.indexOf("--- coordinator-1"));
  expect(first).toContain("FATAL:  no such library\n");
  expect(first).toContain("line 39");
  expect(first).not.toMatch(/Traceback|ha\.py|raise|line 5\n/);
});

test("leaves an interrupt as it is", async () => {
  const interrupt = new InterruptedError("SIGINT");
  expect((await explain(interrupt, "")).explained).toBe(interrupt);
});
