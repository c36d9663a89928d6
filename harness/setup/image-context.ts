import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { HarnessError } from "../model/errors.ts";

/** One file of a build context: what it is called there, and where it is or what is in it. */
type ContextFile = { readonly name: string; readonly executable: boolean } & (CopiedFile | WrittenFile);

interface CopiedFile {
  readonly source: string;
  /** Stands for its content in a hash, for what is large and made of known things; without it, the content does. */
  readonly fingerprint?: string;
}

interface WrittenFile {
  readonly content: string;
}

/** All that goes into one image: its Dockerfile's folder, and further folders under names of their own. */
export interface ImageContext {
  readonly files: readonly ContextFile[];
}

/** Folders by the name they have in the context; "" is the context itself. */
export async function readContext(folders: Readonly<Record<string, string>>): Promise<ImageContext> {
  const files = await Promise.all(
    Object.entries(folders).map(async ([name, folder]) => await filesOf(name, folder)),
  );
  return { files: files.flat().sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** A hash of every name, mode and byte of the context, and of what else the image is made from. */
export async function hashContext(context: ImageContext, others: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of context.files) {
    const known = "content" in file ? file.content : file.fingerprint;
    const content = known === undefined ? await contentOf(file) : Buffer.from(known);
    hash.update(`${file.name}\0${file.executable ? "x" : "-"}\0${content.length}\0`).update(content);
  }
  return hash.update(others.join("\0")).digest("hex");
}

/** What is in a file of the context. */
export async function contentOf(file: ContextFile): Promise<Buffer> {
  return "content" in file ? Buffer.from(file.content) : await readFile(file.source);
}

/** Copies the context into an empty folder, with the same modes whatever the umask of the clone was. */
export async function stageContext(context: ImageContext, folder: string): Promise<void> {
  for (const file of context.files) {
    const target = path.join(folder, file.name);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
    await ("content" in file ? writeFile(target, file.content) : copyFile(file.source, target));
    await chmod(target, file.executable ? 0o755 : 0o644);
  }
}

async function filesOf(name: string, folder: string): Promise<ContextFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw missingFolder(folder, cause);
  });
  const files = entries.filter((entry) => entry.isFile());
  if (files.length === 0) throw missingFolder(folder, undefined);
  return await Promise.all(
    files.map(async (entry): Promise<ContextFile> => {
      const source = path.join(entry.parentPath, entry.name);
      const { mode } = await stat(source);
      const relative = path.relative(folder, source).split(path.sep).join("/");
      return { source, name: path.posix.join(name, relative), executable: (mode & 0o111) !== 0 };
    }),
  );
}

function missingFolder(folder: string, cause: unknown): HarnessError {
  return new HarnessError({
    code: "image-inputs-missing",
    message: `Expected files for an image in ${folder}, found none.`,
    hint: "In a clone, run `npm run build`; an installed package that lacks them is damaged: install it again.",
    cause,
  });
}
