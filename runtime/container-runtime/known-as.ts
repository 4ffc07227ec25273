import type { Engine } from './engines/engine.ts'

/** The name under which an image is on the disk: `web` and `docker.io/library/web:latest` are one. Its own, if it is not there. */
export const knownAs = (
  images: ReadonlyMap<string, unknown>,
  image: string,
  engine: Pick<Engine, 'imageName'> | undefined,
): string => {
  if (engine === undefined || images.has(image)) return image
  const name = engine.imageName(image)
  for (const other of images.keys()) if (engine.imageName(other) === name) return other
  return image
}
