import { formatCount, formatFigure } from "../harness/model/format-value.ts";
import type { NamedFigure } from "../harness/model/measurement.ts";
import { metrics } from "../harness/model/metric.ts";
import type { TargetVerdict } from "../harness/model/verdict.ts";
import { clusterSentence, harnessSentence } from "./conclusion-sentences.ts";
import { describeBound } from "./describe-plan.ts";
import { type Run, runLengthUs } from "./run.ts";

/**
 * JUnit XML, one test case per target. An unknown outcome is an `error`, not `skipped`: CI systems count skipped
 * cases as good, and what was not measured must not make a build green; `error` also tells it from a broken
 * promise, which is a `failure`. An incomplete run has one more case, in error, for the same reason.
 */
export function renderJunit(run: Run): string {
  const { recording, verdict } = run;
  const { plan, environment, end } = recording;
  const classname = `dpg-bench.${plan.scenario.name}`;
  const cases = verdict.targets.map((one) => targetCase(one, classname));
  if (end.kind === "incomplete") cases.push(incompleteCase(end.reason, classname));
  const count = (outcome: string): number => verdict.targets.filter((one) => one.outcome === outcome).length;
  const totals = {
    tests: cases.length,
    failures: count("fail"),
    errors: count("unknown") + (end.kind === "incomplete" ? 1 : 0),
    skipped: 0,
    time: Math.round(runLengthUs(recording) / 1000) / 1000,
  };
  const startedAt =
    environment === null ? {} : { timestamp: environment.startedAt.replace(/(\.\d+)?Z$/, "") };
  return xmlDocument(
    element("testsuites", { name: "dpg-bench", ...totals }, [
      element("testsuite", { name: plan.scenario.name, ...totals, ...startedAt }, [
        element("properties", {}, properties(run)),
        ...cases,
        element("system-out", {}, [text(`${harnessSentence(run)}\n${clusterSentence(run)}`)]),
      ]),
    ]),
  );
}

function targetCase(one: TargetVerdict, classname: string): XmlNode {
  const { target, outcome, sentence } = one;
  const name = `${target.id} ${target.title} (${describeBound(target)})`;
  const body: XmlNode[] = [];
  if (outcome === "fail")
    body.push(element("failure", { message: sentence, type: "target-missed" }, [text(details(one))]));
  if (outcome === "unknown")
    body.push(element("error", { message: sentence, type: "unknown" }, [text(details(one))]));
  return element("testcase", { classname, name, time: "0" }, body);
}

function incompleteCase(reason: string, classname: string): XmlNode {
  return element("testcase", { classname, name: "the run is complete", time: "0" }, [
    element("error", { message: `The run did not end by itself: ${reason}`, type: "incomplete" }, []),
  ]);
}

function details({ target, sentence, evidence, foreseen }: TargetVerdict): string {
  const lines = [sentence, ...(foreseen === null ? [] : [foreseen]), `Source: ${target.source}`];
  return [...lines, ...evidence.map(evidenceLine)].join("\n");
}

function evidenceLine({ of, metric, figure, n }: NamedFigure): string {
  const reason = figure.kind === "withheld" ? ` (${figure.reason})` : "";
  return `${of}: ${formatFigure(figure, metrics[metric].unit)}${reason}, n ${formatCount(n)}`;
}

function properties(run: Run): XmlNode[] {
  const { plan, environment, end } = run.recording;
  const values: Record<string, string> = {
    verdict: run.verdict.outcome,
    complete: String(end.kind === "complete"),
    topology: plan.topology.name,
    overrides: plan.overrides.join(" "),
    quick: String(plan.scenario.quick),
    seed: String(plan.seed),
    "dialect.sharding": plan.topology.sharding,
    "dialect.vectors": plan.topology.vectors,
    ...(environment === null
      ? {}
      : { "dpg-bench": environment.dpgBench.version, machine: environment.machine.fingerprint }),
    ...environment?.components,
  };
  return Object.entries(values).map(([name, value]) => element("property", { name, value }, []));
}

/** Just enough XML to write a report: elements, attributes, text; escaped, and without what XML 1.0 forbids. */
export interface XmlNode {
  readonly xml: (indent: string) => string;
}

export type Attributes = Readonly<Record<string, string | number>>;

/** A whole document with its declaration. */
export function xmlDocument(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml("")}`;
}

/** An element. One that holds text keeps it exactly; one that holds elements is indented. */
export function element(
  name: string,
  attributes: Attributes,
  children: readonly (XmlNode | XmlText)[],
): XmlNode {
  const open = `<${name}${Object.entries(attributes).map(attribute).join("")}`;
  const [first] = children;
  return {
    xml(indent) {
      if (first === undefined) return `${indent}${open}/>\n`;
      if ("text" in first) return `${indent}${open}>${escapeXml(first.text)}</${name}>\n`;
      const inner = children.map((child) => ("xml" in child ? child.xml(`${indent}  `) : "")).join("");
      return `${indent}${open}>\n${inner}${indent}</${name}>\n`;
    },
  };
}

export interface XmlText {
  readonly text: string;
}

export function text(value: string): XmlText {
  return { text: value };
}

function attribute([name, value]: readonly [string, string | number]): string {
  const escaped = escapeXml(String(value)).replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return ` ${name}="${escaped}"`;
}

/** Characters outside https://www.w3.org/TR/xml/#charsets cannot be written even as references: they become U+FFFD. */
function escapeXml(value: string): string {
  return value
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}
