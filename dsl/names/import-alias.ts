import type { Import } from '../syntax/ast.ts'

/** The name that an import is known by: the one behind `as`, or the file's without its ending. */
export const importAlias = (item: Import): string => {
  const path = item.path.raw.slice(1, -1)
  return (
    item.alias?.name ?? /([A-Za-z_][A-Za-z0-9_-]*)(\.[A-Za-z0-9]+)*$/.exec(path.replace(/\.kscn$/, ''))?.[1] ?? path
  )
}
