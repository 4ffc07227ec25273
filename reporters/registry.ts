import { blob } from './blob.ts'
import { dot } from './dot.ts'
import { github } from './github.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import { pretty } from './pretty.ts'
import type { Reporter } from './reporter.ts'
import { tap } from './tap.ts'

/** Every reporter, by the name that `--reporter` takes. */
export const reporters: Readonly<Record<string, Reporter>> = {
  pretty,
  dot,
  json,
  junit,
  tap,
  github,
  markdown,
  html,
  blob,
}
