/**
 * Makes the two bundles that leave the Node package: the agent that runs inside the cluster's network, and
 * the script that draws the charts of report.html. Everything else runs from dist/ as compiled.
 */
import { chmod, cp, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";

const root = path.join(import.meta.dirname, "..");
const require = createRequire(import.meta.url);

await build({
  entryPoints: {
    agent: "harness/load/agent/agent-main.ts",
    observer: "harness/observe/agent/observer-main.ts",
    guard: "harness/guard/guard-main.ts",
  },
  absWorkingDir: root,
  outdir: "dist/agent/bin",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  minifySyntax: true,
  legalComments: "none",
  external: ["pg-native", "cpu-features"],
  logLevel: "warning",
});
// etcd3 loads its protocol definition from ../proto, relative to the file it was bundled into.
await cp(
  path.join(path.dirname(require.resolve("etcd3/package.json")), "proto"),
  path.join(root, "dist/agent/proto"),
  {
    recursive: true,
  },
);

await mkdir(path.join(root, "dist/reports/html"), { recursive: true });
await build({
  entryPoints: { "report-charts": "reports/charts/drawing/page.ts" },
  absWorkingDir: root,
  outdir: "dist/reports/html",
  bundle: true,
  platform: "browser",
  target: "es2020",
  format: "iife",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
});

await chmod(path.join(root, "dist/harness/cli/main.js"), 0o755);
