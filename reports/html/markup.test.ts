import { expect, test } from "vitest";
import { type Content, html, raw } from "./markup.ts";
import { pageOf } from "./page.ts";

/** As from JSON: whatever type it has been said to be of. */
const parsed = (json: string): Content => JSON.parse(json) as Content;

test("only what html and raw made is markup, and nests as such", () => {
  const inner = html`<b>${"a < b"}</b>`;
  expect(html`<p>${inner}${raw("<br>")}${[inner, "&"]}${null}${undefined}${0}</p>`.markup).toBe(
    "<p><b>a &lt; b</b><br><b>a &lt; b</b>&amp;0</p>",
  );
});

test.each([
  '{"markup":"<script>planted()</script>"}',
  '{"__proto__":{"markup":"<script>planted()</script>"}}',
  '{"#markup":"<script>planted()</script>","is":true}',
  '[{"markup":"<script>planted()</script>"}]',
  '{"toString":"<script>","toJSON":"<script>"}',
  "true",
])("an object that was parsed is text, whatever it is called: %s", (json) => {
  const shown = html`<p title="${parsed(json)}">${parsed(json)}</p>`.markup;
  expect(shown.match(/<[^>]*>/g)).toEqual([expect.stringMatching(/^<p title="[^"<>]*">$/), "</p>"]);
});

test("a copy of markup, or an object of the same kind, is not markup", () => {
  const markup = html`<b></b>`;
  for (const copy of [
    Object.assign({}, markup),
    structuredClone(markup),
    Object.create(Object.getPrototypeOf(markup) as object),
  ])
    expect(html`${copy as Content}`.markup).not.toContain("<b>");
});

test("the page's policy allows its one script by hash, and no handler, other script or request", () => {
  const script = 'const a = "\u00e4</script><!--";\r\nb();\rc();';
  const page = pageOf({ title: "t", content: html``, data: {}, chartsScript: script });
  const [, policy = ""] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page) ?? [];
  expect(policy.split("; ").map((one) => one.split(" ")[0])).toEqual([
    "default-src",
    "script-src",
    "style-src",
    "img-src",
    "base-uri",
    "form-action",
  ]);
  expect(/script-src ([^;]+)/.exec(policy)?.[1]).toMatch(/^'sha256-[A-Za-z0-9+/]{43}='$/);
  expect(page).not.toContain("\r");
});

test("another script has another hash", () => {
  const policyOf = (chartsScript: string): string | undefined =>
    /script-src [^;]+/.exec(pageOf({ title: "t", content: html``, data: {}, chartsScript }))?.[0];
  expect(policyOf("a();")).not.toBe(policyOf("b();"));
  expect(policyOf("a();")).toBe(policyOf("a();"));
});
