import type Dockerode from "dockerode";

/** How many images of a kind stay: enough to go back and forth between branches without building. */
const KEPT = 3;

/**
 * Removes all but the newest few images of one kind. What a container uses, or another image is built on, is left
 * alone: the engine refuses to remove it, and that is well.
 */
export async function pruneImages(
  engine: Dockerode,
  which: { readonly repository: string; readonly label: string; readonly justBuilt: string },
): Promise<void> {
  const images = await engine.listImages({ filters: { label: [which.label] } });
  const ours = images
    .map((image) => ({
      created: image.Created,
      // The types say that RepoTags is always there; the engine says null for images without a name.
      tags: ((image.RepoTags as string[] | null) ?? []).filter((tag) =>
        tag.startsWith(`${which.repository}:`),
      ),
    }))
    .filter((image) => image.tags.length > 0)
    .filter((image) => !image.tags.includes(which.justBuilt))
    .sort((a, b) => b.created - a.created);
  for (const tag of ours.slice(KEPT - 1).flatMap((image) => image.tags)) await removeUnlessUsed(engine, tag);
}

async function removeUnlessUsed(engine: Dockerode, tag: string): Promise<void> {
  const users = await engine.listContainers({ all: true, filters: { ancestor: [tag] } });
  if (users.length > 0) return;
  try {
    await engine.getImage(tag).remove();
  } catch (error) {
    const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
    // Gone already, or in use since we looked.
    if (status !== 404 && status !== 409) throw error;
  }
}
