import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { packageRoot } from "./package-root.ts";

const ONLY_MODEL = { own: ["harness/model"] };
/** What is shared by all: the vocabulary; clock, deadlines, chance and lines; statistics. */
const SHARED = { own: ["harness/model", "harness/support", "harness/stats"] };

/** Imports flow one way: everything may use the vocabulary, and only the command line sees everything. */
const RULE: ImportRule = {
  "harness/model": { own: [] },
  "harness/support": ONLY_MODEL,
  "harness/stats": ONLY_MODEL,
  topologies: ONLY_MODEL,
  scenarios: ONLY_MODEL,
  // How many nodes there are, and what they are called, is the components' to say.
  "harness/plan": { own: [...SHARED.own, "harness/cluster/components"] },
  "harness/advise": SHARED,
  "harness/measure": SHARED,
  "harness/check": SHARED,
  "harness/judge": SHARED,
  reports: { own: [...SHARED.own, "harness/cluster/components"] },
  "harness/faults": SHARED,
  "harness/workloads": SHARED,
  // What runs in the agent's and the observer's container, and what runs on the host, meet in the protocol alone.
  "harness/guard/protocol": SHARED,
  "harness/guard": { own: [...SHARED.own, "harness/guard/protocol"] },
  "harness/observe/protocol": SHARED,
  "harness/observe/client": { own: [...SHARED.own, "harness/observe/protocol", "harness/cluster"] },
  "harness/observe/agent": { own: [...SHARED.own, "harness/observe/protocol", "harness/guard/protocol"] },
  "harness/load/protocol": { own: [...SHARED.own, "harness/workloads"] },
  "harness/load/client": { own: [...SHARED.own, "harness/load/protocol"] },
  "harness/load/wire": { own: [...SHARED.own, "harness/load/protocol", "harness/workloads"] },
  "harness/load/engines": {
    own: [...SHARED.own, "harness/load/protocol", "harness/load/wire", "harness/workloads"],
  },
  "harness/load/agent": {
    own: [
      ...SHARED.own,
      "harness/load/protocol",
      "harness/load/wire",
      "harness/load/engines",
      "harness/workloads",
    ],
  },
  // Schemas of what is read from files, of users and of recordings, and what is said where they do not fit.
  "harness/schema": ONLY_MODEL,
  "harness/store": { own: [...SHARED.own, "harness/schema"] },
  // What every runtime can be asked, and then each runtime; one catalogue knows them all.
  "harness/runtime": SHARED,
  "harness/runtime/docker": { own: [...SHARED.own, "harness/runtime"] },
  "harness/runtime/catalogue.ts": { own: ["harness/model", "harness/runtime", "harness/runtime/docker"] },
  "harness/cluster": { own: [...SHARED.own, "harness/runtime", "harness/guard/protocol"] },
  "harness/setup": {
    own: [
      ...SHARED.own,
      "harness/runtime",
      "harness/runtime/docker",
      "harness/cluster",
      "harness/package-root.ts",
    ],
  },
  // The engine against a server of known delays: it sends, and measures as a run does.
  "harness/calibrate": {
    own: [...SHARED.own, "harness/load", "harness/measure", "harness/package-root.ts"],
  },
  // Files of vectors that a user brings: opened, read by pieces, checked.
  "harness/vector-files": { own: [...SHARED.own, "harness/workloads"] },
  "harness/config": {
    own: [
      ...SHARED.own,
      "harness/vector-files",
      "harness/schema",
      "harness/runtime",
      "harness/runtime/catalogue.ts",
      "topologies",
      "scenarios",
      "harness/faults",
      "harness/workloads",
      "harness/check",
    ],
  },
  // SQL through the agent, tried again while it may pass: schemas, data and what is read back of it.
  "harness/database": {
    own: [
      ...SHARED.own,
      "harness/load/client",
      "harness/load/protocol",
      "harness/cluster",
      "harness/workloads",
      "harness/vector-files",
    ],
  },
  // What brings a cluster up and takes it through a run: all that acts, and nothing that reports.
  "harness/conduct": {
    own: [
      ...SHARED.own,
      "harness/plan",
      "harness/setup",
      "harness/runtime",
      "harness/cluster",
      "harness/database",
      "harness/workloads",
      "harness/load/client",
      "harness/load/protocol",
      "harness/faults",
      "harness/observe/client",
      "harness/check",
      "harness/measure",
      "harness/package-root.ts",
    ],
  },
  // From what was recorded, and nothing else, to measurements, verdict and reports.
  "harness/conclude": {
    own: [
      ...SHARED.own,
      "harness/check",
      "harness/measure",
      "harness/judge",
      "harness/store",
      "harness/workloads",
      "harness/package-root.ts",
      "reports",
    ],
  },
  "harness/cli": { own: "everything", but: ["harness/runtime/docker"] },
  // Where the package lies on the disk: imports nothing, and is for all that read files of the package.
  "harness/package-root.ts": { own: [] },
  "harness/run.ts": {
    own: [...SHARED.own, "harness/store", "harness/conduct", "harness/conclude"],
  },
};

/**
 * Only the Docker runtime knows its engine; only the command line knows the terminal. Setup makes what the runtime
 * needs, an engine and images in it, before there is any cluster: it speaks to the engine too.
 */
const PACKAGE_OWNERS = {
  testcontainers: ["harness/runtime/docker"],
  dockerode: ["harness/runtime/docker", "harness/setup"],
  h5wasm: ["harness/vector-files"],
  commander: ["harness/cli"],
  listr2: ["harness/cli"],
};

const files = readSources(packageRoot(), ["harness", "topologies", "scenarios", "reports"]);

describe("the sources", () => {
  it("are found", () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it("import only what the rule allows", () => {
    expect(forbiddenImports(files, RULE)).toEqual([]);
  });

  it("use an engine's or the terminal's package only in the folder that it belongs to", () => {
    expect(strayPackages(files, PACKAGE_OWNERS)).toEqual([]);
  });

  it("have no conductor file that imports the command line", () => {
    const outside = files.filter((file) => !file.path.startsWith("harness/cli/"));
    expect(
      outside.filter((file) => file.imports.some((target) => target.startsWith("harness/cli/"))),
    ).toEqual([]);
  });

  it("have no cycle between files", () => {
    expect(cycles(fileEdges(files))).toEqual([]);
  });

  it("have no cycle between folders", () => {
    expect(cycles(folderEdges(files, Object.keys(RULE)))).toEqual([]);
  });

  it("are named after what they hold", () => {
    expect(emptyNames(files)).toEqual([]);
  });
});

describe("the checker", () => {
  const rule: ImportRule = { model: { own: [] }, measure: { own: ["model"] }, cli: { own: "everything" } };

  it("sees every kind of import, types included, and no comment or string", () => {
    const text = `
      import { a } from "../model/a.ts";
      import type { B } from "../model/b.ts";
      export { c } from "./c.ts";
      const d = await import("../cli/d.ts");
      import pg from "pg";
      import type { X } from "@scope/name/deep";
      import fs from "node:fs";
      // import { e } from "./e.ts";
      const f = 'import { f } from "./f.ts"';
    `;
    expect(scanSource("measure/x.ts", text)).toEqual({
      path: "measure/x.ts",
      imports: ["model/a.ts", "model/b.ts", "measure/c.ts", "cli/d.ts"],
      packages: ["pg", "@scope/name"],
    });
  });

  it("allows a folder's own files and what the rule names, and nothing else", () => {
    const sources = [
      scanSource("measure/a.ts", 'import "./b.ts"; import type { M } from "../model/m.ts";'),
      scanSource("measure/b.ts", 'import type { C } from "../cli/c.ts";'),
      scanSource("model/m.ts", 'import "../measure/a.ts";'),
      scanSource("cli/c.ts", 'import "../measure/a.ts";'),
      scanSource("lost/x.ts", ""),
    ];
    expect(forbiddenImports(sources, rule)).toEqual([
      "measure/b.ts imports cli/c.ts: measure may import model",
      "model/m.ts imports measure/a.ts: model may import nothing",
      "lost/x.ts: no line of the rule covers this file",
    ]);
  });

  it("allows with a folder none of the rooms in it that have a line of their own, and not to everybody", () => {
    const rooms: ImportRule = {
      runtime: { own: [] },
      "runtime/docker": { own: ["runtime"] },
      cluster: { own: ["runtime"] },
      cli: { own: "everything", but: ["runtime/docker"] },
    };
    const sources = [
      scanSource("runtime/docker/a.ts", 'import type { R } from "../r.ts";'),
      scanSource("cluster/b.ts", 'import "../runtime/r.ts"; import "../runtime/docker/a.ts";'),
      scanSource("cli/c.ts", 'import "../cluster/b.ts"; import "../runtime/docker/a.ts";'),
      scanSource("runtime/r.ts", ""),
    ];
    expect(forbiddenImports(sources, rooms)).toEqual([
      "cluster/b.ts imports runtime/docker/a.ts: cluster may import runtime",
      "cli/c.ts imports runtime/docker/a.ts: cli may import everything but runtime/docker",
    ]);
  });

  it("finds a package outside its folder", () => {
    const sources = [scanSource("cli/a.ts", 'import "zod";'), scanSource("model/a.ts", 'import "zod/v4";')];
    expect(strayPackages(sources, { zod: ["cli"] })).toEqual([
      "model/a.ts imports zod, which belongs to cli",
    ]);
  });

  it("finds cycles of files and of folders, each once", () => {
    const sources = [
      scanSource("model/a.ts", 'import "./b.ts";'),
      scanSource("model/b.ts", 'import "./a.ts"; import "../cli/c.ts";'),
      scanSource("cli/c.ts", 'import "../measure/d.ts";'),
      scanSource("measure/d.ts", 'import "../model/e.ts";'),
      scanSource("model/e.ts", ""),
    ];
    expect(cycles(fileEdges(sources))).toEqual(["model/a.ts -> model/b.ts -> model/a.ts"]);
    expect(cycles(folderEdges(sources, Object.keys(rule)))).toEqual(["model -> cli -> measure -> model"]);
  });

  it("finds names that say nothing", () => {
    const names = [
      "cli/utils/a.ts",
      "cli/string-helpers.ts",
      "cli/common.ts",
      "cli/run-manager.ts",
      "cli/commands/run.ts",
    ];
    expect(emptyNames(names.map((name) => scanSource(name, "")))).toHaveLength(4);
  });
});

/** One source file, by its path from the package's root with forward slashes, and the files it imports. */
interface SourceFile {
  readonly path: string;
  /** Relative imports of the package's own files, types included; resolved as `path` is. */
  readonly imports: readonly string[];
  /** npm packages, by name. `node:` modules do not count. */
  readonly packages: readonly string[];
}

/**
 * Which folders (or single files) may import which. A file belongs to the longest that its path begins with; one that is
 * allowed stands for itself, and for what is in it and has no line of its own.
 */
type ImportRule = Readonly<
  Record<
    string,
    {
      readonly own: readonly string[] | "everything";
      /** What is left out of everything. */
      readonly but?: readonly string[];
    }
  >
>;

/** Reads every source file (no tests, no fakes) below the folders. */
function readSources(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map(
        (name) => `${folder}/${name.replaceAll("\\", "/")}`,
      ),
    )
    .filter((name) => name.endsWith(".ts") && !/\.(test|fake)\.ts$/.test(name))
    .map((name) => scanSource(name, readFileSync(path.join(root, name), "utf8")));
}

/** Finds what a text imports: `import`, `import type`, `from` and `import()` with a literal. */
function scanSource(name: string, text: string): SourceFile {
  const specifiers = ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);
  const own = specifiers.filter((specifier) => specifier.startsWith("."));
  const packages = specifiers.filter((specifier) => !/^(\.|node:)/.test(specifier)).map(packageName);
  return {
    path: name,
    imports: [...new Set(own.map((specifier) => path.posix.join(path.posix.dirname(name), specifier)))],
    packages: [...new Set(packages)],
  };
}

/** Every import that the rule does not allow, and every file whose folder the rule does not name. */
function forbiddenImports(files: readonly SourceFile[], rule: ImportRule): readonly string[] {
  const folders = Object.keys(rule);
  return files.flatMap((file) => {
    const from = folderOf(file.path, folders);
    const allowed = from === undefined ? undefined : rule[from];
    if (from === undefined || allowed === undefined)
      return [`${file.path}: no line of the rule covers this file`];
    const { own, but = [] } = allowed;
    const may = own === "everything" ? `everything but ${but.join(", ")}` : own.join(", ") || "nothing";
    return file.imports
      .filter((target) => {
        const to = folderOf(target, folders);
        if (to === from) return false;
        if (own === "everything") return but.some((refused) => belongsTo(target, refused));
        return !own.some((allowedPath) =>
          folders.includes(allowedPath) ? to === allowedPath : belongsTo(target, allowedPath),
        );
      })
      .map((target) => `${file.path} imports ${target}: ${from} may import ${may}`);
  });
}

/** Imports of the named packages outside the folder that owns them. */
function strayPackages(
  files: readonly SourceFile[],
  owners: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  return files.flatMap((file) =>
    file.packages
      .filter((name) => owners[name] !== undefined)
      .filter((name) => !owners[name]?.some((folder) => file.path.startsWith(`${folder}/`)))
      .map((name) => `${file.path} imports ${name}, which belongs to ${owners[name]?.join(", ") ?? ""}`),
  );
}

/** Cycles among names, each once, as `a -> b -> a`. */
function cycles(edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found = new Map<string, string>();
  const done = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    const start = above.indexOf(name);
    if (start !== -1) {
      const cycle = above.slice(start);
      found.set(cycle.toSorted().join(" "), [...cycle, name].join(" -> "));
      return;
    }
    if (done.has(name)) return;
    for (const next of edges.get(name) ?? []) visit(next, [...above, name]);
    done.add(name);
  };
  for (const name of edges.keys()) visit(name, []);
  return [...found.values()];
}

/** Who imports whom among files. */
function fileEdges(files: readonly SourceFile[]): ReadonlyMap<string, readonly string[]> {
  return new Map(files.map((file) => [file.path, file.imports]));
}

/** Who imports whom among folders of the rule. */
function folderEdges(
  files: readonly SourceFile[],
  folders: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const edges = new Map<string, Set<string>>();
  for (const file of files) {
    const from = folderOf(file.path, folders);
    if (from === undefined) continue;
    const targets = edges.get(from) ?? new Set();
    edges.set(from, targets);
    for (const target of file.imports) {
      const to = folderOf(target, folders);
      if (to !== undefined && to !== from) targets.add(to);
    }
  }
  return new Map([...edges].map(([from, targets]) => [from, [...targets]]));
}

/** Files and folders whose names say nothing. A failover manager is what the field calls Patroni and its like. */
function emptyNames(files: readonly SourceFile[]): readonly string[] {
  return files
    .map((file) => file.path)
    .filter((name) =>
      /(^|[/.-])(utils?|helpers?|common|managers?)([/.-]|$)/.test(name.replace("/failover-managers.", "/")),
    );
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The folder, or the file with a line of its own, whose line of the rule covers the file. */
function folderOf(file: string, folders: readonly string[]): string | undefined {
  return folders.filter((folder) => belongsTo(file, folder)).toSorted((a, b) => b.length - a.length)[0];
}

function belongsTo(file: string, folderOrFile: string): boolean {
  return file === folderOrFile || file.startsWith(`${folderOrFile}/`);
}
