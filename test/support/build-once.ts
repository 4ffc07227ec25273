import { buildBundle, keepCompiledCode } from '../../tools/build.mjs'

/** The command line that the end-to-end tests run is built from the sources as they are. */
export default async function buildOnce(): Promise<void> {
  await buildBundle('dist')
  keepCompiledCode('dist')
}
