import type { LoadShape, StagePhases } from "../../../model/benchmark.ts";
import type { Statement, Variable, WorkloadOperation } from "../../../model/workload.ts";
import type { EngineLoad } from "../engine.ts";
import { longestTimeoutMs } from "../outside/longest-timeout.ts";
import { divideClients } from "../native/schedule/choose-operation.ts";

type Rendered = Pick<EngineLoad, "definition" | "shape" | "phases" | "client" | "seed" | "firstId">;

/**
 * The workload as a k6 script on the extension k6/x/dpg (docker/k6). Where the database is, and as whom to log in, it
 * takes from the environment. Assumes that engineGaps has found nothing.
 */
export function renderScript(load: Rendered): string {
  const { definition, client, seed, firstId, shape } = load;
  const operations = definition.operations.filter(({ weight }) => weight > 0);
  const { retry } = definition;
  const connecting = {
    entries: [...new Set(operations.map(({ endpoint }) => endpoint))],
    timeoutMs: client.timeoutMs,
    sessions: sessionsOf(load),
    ...(retry === null ? {} : { retry: { codes: retry.codes, attempts: retry.attempts } }),
  };
  // Each process has its share of them.
  const connections = sharesConnections(load) ? "Number(__ENV.DPG_CONNECTIONS)" : "0";
  const thinkSeconds = shape.kind === "closed" ? shape.thinkTimeMs / 1000 : 0;
  const lines = [
    `// Made by dpg-bench from its workload ${definition.name}.`,
    `import { randomSeed, sleep } from "k6";`,
    `import exec from "k6/execution";`,
    `import { connect } from "k6/x/dpg";`,
    "",
    `export const options = ${JSON.stringify({ scenarios: { load: renderScenario(load) } }, null, 2)};`,
    "",
    `randomSeed(${seed} + __VU + 100000 * Number(__ENV.DPG_AGENT));`,
    `const database = connect({ ...${JSON.stringify(connecting)}, connections: ${connections}, connectNow: __VU > 0 });`,
    `const nextId = () => ${firstId} + exec.scenario.iterationInTest;`,
    `const uniform = (from, to) => from + Math.floor(Math.random() * (to - from + 1));`,
    `const choice = (values) => values[Math.floor(Math.random() * values.length)];`,
    `const text = (length) => database.letters(length);`,
    ...(operations.some(({ variables }) => variables.some(({ kind }) => kind === "zipf")) ? ZIPF : []),
    ...(operations.some(({ form }) => form === "copy") ? [ESCAPE] : []),
    "",
    "const operations = [",
    ...operations.flatMap((operation) => renderOperation(operation)),
    "];",
    ...renderChoice(
      operations.map(({ weight }) => weight),
      load,
    ),
    "",
    "export default function () {",
    "  operations[chosen()]();",
    ...(thinkSeconds > 0 ? [`  sleep(${thinkSeconds});`] : []),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

/** As drawZipf draws. */
const ZIPF = [
  "const zipf = (from, to, exponent) => {",
  "  const most = to - from + 1;",
  "  if (most <= 1) return from;",
  "  const power = exponent - 1;",
  "  const b = 2 ** power;",
  "  for (;;) {",
  "    const v = Math.random();",
  "    const x = Math.floor(Math.random() ** (-1 / power));",
  "    const t = (1 + 1 / x) ** power;",
  "    if ((v * x * (t - 1)) / (b - 1) <= t / b && x <= most) return from + x - 1;",
  "  }",
  "};",
];

/** COPY's text format (PostgreSQL manual, COPY: "Text Format"). */
const ESCAPE = String.raw`const escaped = (value) => String(value).replace(/[\\\n\r\t]/g, (c) => ({ "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c]);`;

/** k6 takes whole numbers only: so many iterations in a thousand seconds. */
const RATE_SECONDS = 1000;

function renderScenario({ shape, phases, client, definition }: Rendered): Readonly<Record<string, unknown>> {
  const seconds = phases.warmupSeconds + phases.steadySeconds + phases.coolDownSeconds;
  const gracefulStop = `${longestTimeoutMs({ client, definition }) + 1000}ms`;
  if (shape.kind === "closed")
    return { executor: "constant-vus", vus: shape.clients, duration: duration(seconds), gracefulStop };
  const users = virtualUsers(shape.rate, client.connections);
  const pool = { timeUnit: `${RATE_SECONDS}s`, preAllocatedVUs: users, maxVUs: users, gracefulStop };
  if (shape.rate.kind === "constant") {
    const rate = scaled(shape.rate.perSecond);
    return { executor: "constant-arrival-rate", rate, duration: duration(seconds), ...pool };
  }
  const { startRate, stages } = renderStages(shape.rate, phases);
  return { executor: "ramping-arrival-rate", startRate, stages, ...pool };
}

/** Operations of an open shape, and clients that are told to, share the connections; others have their own. */
function sharesConnections({ shape, client }: Pick<Rendered, "shape" | "client">): boolean {
  return shape.kind === "open" || client.sessions === "pool";
}

function sessionsOf(load: Rendered): string {
  if (load.client.sessions === "each-operation") return "each-operation";
  return sharesConnections(load) ? "pool" : "own";
}

/** k6 drops what no virtual user is free for, so there are enough of them to wait for a connection for so long. */
const WAIT_SECONDS = 0.1;
/** Each is a JavaScript engine of its own. */
const MOST_USERS = 1000;

function virtualUsers(rate: OpenRate, connections: number): number {
  const peak =
    rate.kind === "constant"
      ? rate.perSecond
      : rate.kind === "ramp"
        ? Math.max(rate.fromPerSecond, rate.toPerSecond)
        : Math.max(...rate.perSecond);
  return Math.max(connections, Math.min(MOST_USERS, connections + Math.ceil(peak * WAIT_SECONDS)));
}

type OpenRate = Extract<LoadShape, { readonly kind: "open" }>["rate"];

function renderStages(
  rate: OpenRate,
  { warmupSeconds, steadySeconds, coolDownSeconds }: StagePhases,
): { readonly startRate: number; readonly stages: readonly { target: number; duration: string }[] } {
  const parts =
    rate.kind === "ramp"
      ? [{ from: rate.fromPerSecond, to: rate.toPerSecond }]
      : (rate.kind === "steps" ? rate.perSecond : [rate.perSecond]).map((each) => ({ from: each, to: each }));
  const [first, last] = [parts[0]?.from ?? 0, parts.at(-1)?.to ?? 0];
  let at = first;
  const stages: { target: number; duration: string }[] = [];
  const go = (to: number, seconds: number): void => {
    if (seconds > 0 || to !== at) stages.push({ target: scaled(to), duration: duration(seconds) });
    at = to;
  };
  go(first, warmupSeconds);
  for (const { from, to } of parts) {
    go(from, 0);
    go(to, steadySeconds / parts.length);
  }
  go(last, coolDownSeconds);
  return { startRate: scaled(first), stages };
}

function scaled(perSecond: number): number {
  return Math.max(1, Math.round(perSecond * RATE_SECONDS));
}

function duration(seconds: number): string {
  return `${Math.round(seconds * 1000)}ms`;
}

function renderOperation(operation: WorkloadOperation): readonly string[] {
  const { name, endpoint, form, variables, statements, rows, timeoutMs } = operation;
  const uses = new Set(statements.flatMap((statement) => statement.uses));
  const declared = variables
    .filter((variable) => uses.has(variable.name))
    .map((variable) => `const ${nameOf(variable.name)} = ${drawn(variable)};`);
  const ending = `, ${JSON.stringify(endpoint)}${timeoutMs === null ? "" : `, ${timeoutMs}`});`;
  const [first] = statements;
  switch (form) {
    case "statement":
      return renderFunction(name, [
        ...declared,
        `return database.statement(${JSON.stringify(name)}, ${first === undefined ? "" : inJs(first)}${ending}`,
      ]);
    case "transaction":
      return renderFunction(name, [
        ...declared,
        `return database.transaction(${JSON.stringify(name)}, [`,
        ...statements.map((statement) => `  [${inJs(statement)}],`),
        `]${ending}`,
      ]);
    case "copy": {
      // Numbers of the operation are the same in all of its rows; everything else is drawn for each.
      const perOperation = variables.filter(({ kind }) => kind === "id" || kind === "id-modulo");
      const perRow = variables.filter((variable) => !perOperation.includes(variable));
      const declare = (variable: Variable): string => `const ${nameOf(variable.name)} = ${drawn(variable)};`;
      const columns = (first?.uses ?? []).map((used) => `escaped(${nameOf(used)})`);
      return renderFunction(name, [
        ...perOperation.map(declare),
        "const lines = [];",
        `for (let row = 0; row < ${rows}; row += 1) {`,
        ...perRow.map((variable) => `  ${declare(variable)}`),
        `  lines.push([${columns.join(", ")}].join("\\t") + "\\n");`,
        "}",
        `return database.copy(${JSON.stringify(name)}, ${JSON.stringify(first?.sql ?? "")}, lines.join("")${ending}`,
      ]);
    }
  }
}

function renderFunction(name: string, body: readonly string[]): readonly string[] {
  return [`  // ${name.replaceAll("\n", " ")}`, "  () => {", ...body.map((line) => `    ${line}`), "  },"];
}

/** An operation has one number, so its variables can be drawn in any order: k6's iteration does not change meanwhile. */
function drawn(variable: Variable): string {
  switch (variable.kind) {
    case "id":
      return "nextId()";
    case "id-modulo":
      return `${variable.plus} + (nextId() % ${variable.modulo})`;
    case "uniform":
      return `uniform(${variable.from}, ${variable.to})`;
    case "zipf":
      return `zipf(${variable.from}, ${variable.to}, ${variable.exponent})`;
    case "choice":
      return variable.values.length === 1
        ? JSON.stringify(variable.values[0])
        : `choice(${JSON.stringify(variable.values)})`;
    case "vector":
      throw new Error(`Expected no vector, which k6's script has no words for, found ${variable.name}`);
    case "text":
      return `text(${variable.length})`;
  }
}

function inJs({ sql, uses }: Statement): string {
  return `${JSON.stringify(sql)}, [${uses.map((name) => nameOf(name)).join(", ")}]`;
}

/** Never a word of the language, nor a name of the script's own. */
function nameOf(variable: string): string {
  return `$${variable.replaceAll(/[^A-Za-z0-9_]/g, "_")}`;
}

function renderChoice(weights: readonly number[], { client, shape }: Rendered): readonly string[] {
  if (weights.length === 1) return ["const chosen = () => 0;"];
  if (client.mix === "per-client") {
    const clients = shape.kind === "closed" ? shape.clients : client.connections;
    return [
      `const operationOfVu = ${JSON.stringify(divideClients(weights, clients))};`,
      `const chosen = () => operationOfVu[(exec.vu.idInTest - 1) % operationOfVu.length];`,
    ];
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let reached = 0;
  const bounds = weights.map((weight) => (reached += weight) / sum);
  return [
    `const bounds = ${JSON.stringify(bounds.slice(0, -1))};`,
    "const chosen = () => {",
    "  const point = Math.random();",
    "  let at = 0;",
    "  while (at < bounds.length && point >= bounds[at]) at += 1;",
    "  return at;",
    "};",
  ];
}
