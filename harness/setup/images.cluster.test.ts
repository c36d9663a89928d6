import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type Dockerode from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectEngine } from "../runtime/docker/engine.ts";
import { followBuild } from "./build-image.ts";
import { ensureImages, type ImageOptions } from "./images.ts";

const repository = `dpg-bench-test-${process.pid}`;
const base = `${repository}/base:tiny`;
let root: string;
let engine: Dockerode;
let notes: string[];

beforeEach(async () => {
  engine = await connectEngine();
  notes = [];
  root = await mkdtemp(path.join(tmpdir(), "dpg-bench-images-"));
  await write("docker/node/Dockerfile", "ARG BASE\nFROM ${BASE}\nCOPY hello /hello\n");
  await write("docker/node/hello", "hello\n");
  await write("docker/agent/Dockerfile", "ARG NODE_IMAGE\nFROM ${NODE_IMAGE}\nCOPY dist-agent/ /opt/\n");
  await write("docker/k6/go.mod", "module k6\n");
  await write("dist/agent/bin/agent.cjs", "console.log(1);\n");
  await importBase("one");
});

afterEach(async () => {
  await rm(root, { recursive: true });
  const images = await engine.listImages({ filters: { reference: [`${repository}/*`] } });
  const tags = images.flatMap((image) => image.RepoTags ?? []);
  // Children first: the agent image is built on the node image, and that on the base.
  for (const kind of ["agent", "node", "base"]) {
    for (const tag of tags.filter((name) => name.includes(`/${kind}:`))) await engine.getImage(tag).remove();
  }
});

describe("ensureImages", () => {
  it("builds both images once, and only asks the engine the second time", async () => {
    const first = await ensureImages(options());
    expect(notes).toHaveLength(2);
    expect(first.node).toMatch(new RegExp(`^${repository}/node:[0-9a-f]{12}$`));
    const agent = await engine.getImage(first.agent).inspect();
    expect(agent.Config.Labels).toMatchObject({ "org.dpg-bench.image": "agent" });

    notes = [];
    expect(await ensureImages(options())).toEqual(first);
    expect(notes).toEqual([]);
  });

  it("builds the agent image alone when only the harness changed", async () => {
    const before = await ensureImages(options());
    notes = [];
    await write("dist/agent/bin/agent.cjs", "console.log(2);\n");
    const after = await ensureImages(options());
    expect(after.node).toBe(before.node);
    expect(after.agent).not.toBe(before.agent);
    expect(notes).toHaveLength(1);
  });

  it("builds the agent image alone when k6 was built, whose content only its fingerprint stands for", async () => {
    await write("docker/agent/Dockerfile", "ARG NODE_IMAGE\nFROM ${NODE_IMAGE}\nCOPY k6/ /k6/\n");
    await write("docker/agent/k6/README", "\n");
    await write("cache/k6", "program\n");
    const k6 = (fingerprint: string) => () =>
      Promise.resolve({ file: path.join(root, "cache/k6"), fingerprint });
    const before = await ensureImages({ ...options(), k6: () => Promise.resolve(null) });
    const one = await ensureImages({ ...options(), k6: k6("1") });
    await write("cache/k6", "another\n");
    expect(await ensureImages({ ...options(), k6: k6("1") })).toEqual(one);
    const two = await ensureImages({ ...options(), k6: k6("2") });
    expect(new Set([before.agent, one.agent, two.agent]).size).toBe(3);
    expect(new Set([before.node, one.node, two.node]).size).toBe(1);
  });

  it("builds both anew when the node image's files or the base image changed", async () => {
    const before = await ensureImages(options());
    await write("docker/node/hello", "good day\n");
    const changed = await ensureImages(options());
    expect(changed.node).not.toBe(before.node);
    expect(changed.agent).not.toBe(before.agent);

    await engine.getImage(base).remove({ force: true });
    await importBase("two");
    expect((await ensureImages(options())).node).not.toBe(changed.node);
  });

  it("keeps three images of a kind, the one just built among them", async () => {
    let newest = "";
    for (const text of ["1", "2", "3", "4", "5"]) {
      await write("dist/agent/bin/agent.cjs", text);
      newest = (await ensureImages(options())).agent;
    }
    const images = await engine.listImages({ filters: { reference: [`${repository}/agent`] } });
    const tags = images.flatMap((image) => image.RepoTags ?? []);
    expect(tags).toHaveLength(3);
    expect(tags).toContain(newest);
  });

  it("says which instruction failed and where the whole log is", async () => {
    await write("docker/node/Dockerfile", "ARG BASE\nFROM ${BASE}\nCOPY not-there /x\n");
    await expect(ensureImages(options())).rejects.toMatchObject({
      code: "image-build-failed",
      exitCode: 70,
      hint: expect.stringMatching(/COPY not-there[\s\S]*build-.*\.log/) as string,
    });
  });

  it("says what to run when the compiled harness is missing", async () => {
    await rm(path.join(root, "dist"), { recursive: true });
    await expect(ensureImages(options())).rejects.toMatchObject({
      code: "image-inputs-missing",
      exitCode: 70,
      hint: expect.stringContaining("npm run build") as string,
    });
  });

  it("ends a build with the reason of the signal", async () => {
    const reason = new Error("stop");
    await expect(ensureImages({ ...options(), signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

function options(): ImageOptions {
  return {
    base,
    root,
    repository,
    engine,
    signal: new AbortController().signal,
    progress: { step: () => undefined, detail: () => undefined, note: (text) => notes.push(text) },
  };
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
}

/** An image of one file: enough to build on as long as nothing is run. */
async function importBase(content: string): Promise<void> {
  await write("base/file", content);
  spawnSync("tar", ["-C", path.join(root, "base"), "-cf", path.join(root, "base.tar"), "."]);
  const [repo, tag] = base.split(":");
  const output = await engine.importImage(path.join(root, "base.tar"), { repo, tag });
  await followBuild(output, () => undefined, new AbortController().signal);
}
