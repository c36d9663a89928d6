import { expect, test } from "vitest";
import { fakeBenchmarkRun } from "./benchmark-run.fake.ts";
import { renderJunit } from "./junit.ts";
import { fakeRun, fakeRunWithoutCluster } from "./run.fake.ts";

test("the JUnit file of a failed run reads as its golden file", async () => {
  await expect(renderJunit(fakeRun())).toMatchFileSnapshot("golden/junit-fail.xml");
});

test("a missed target is a failure, and an unknown one an error, so that neither is green", async () => {
  const xml = renderJunit(fakeRunWithoutCluster());
  await expect(xml).toMatchFileSnapshot("golden/junit-without-cluster.xml");
  expect(xml).toContain('tests="3" failures="0" errors="3" skipped="0"');
});

test("a benchmark whose client was the limit is an error that says so", async () => {
  const xml = renderJunit(fakeBenchmarkRun({ clientBound: true }));
  await expect(xml).toMatchFileSnapshot("golden/junit-client-bound.xml");
  expect(xml).toContain('<error message="T3 is unknown: client-bound:');
});

test("every element is closed in its turn, whatever the sentences hold", () => {
  const run = fakeRun();
  const nasty = 'a < b && "c" > d \u0000\u0007\u001b[31m \ud800 ]]> </failure>\nnext line';
  const targets = run.verdict.targets.map((one) => ({ ...one, outcome: "fail" as const, sentence: nasty }));
  const xml = renderJunit({ ...run, verdict: { ...run.verdict, targets, sentence: nasty } });
  expect(unclosed(xml)).toEqual([]);
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]/);
  expect(xml).toContain("a &lt; b &amp;&amp; &quot;c&quot; &gt; d \ufffd\ufffd\ufffd[31m \ufffd ]]&gt;");
  expect(xml).toContain("&#10;next line");
});

/** Names of elements that are not closed in order; every tag must have the form XML asks for. */
function unclosed(xml: string): string[] {
  const open: string[] = [];
  const tags = /<(\/?)([a-z-]+)((?: [a-z]+="[^"<&]*(?:&(?:#\d+|\w+);[^"<&]*)*")*)(\/?)>/g;
  const rest = xml.replace(/^<\?xml [^?]*\?>\n/, "").replace(tags, (_, closes, name: string, __, alone) => {
    if (closes === "/") return open.at(-1) === name ? (open.pop(), "") : `unexpected </${name}>`;
    if (alone !== "/") open.push(name);
    return "";
  });
  return [...open, ...(rest.match(/<[^\n]*|&(?!#\d+;|(?:lt|gt|amp|quot);)[^\n]*/g) ?? [])];
}
