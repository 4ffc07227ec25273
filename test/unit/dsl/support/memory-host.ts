import type { SourceHost } from '../../../../dsl/source/source-file.ts'

/** Files by their path; imports and manifests are found beside the file that names them. */
export const memoryHost = (files: Readonly<Record<string, string>>): SourceHost => {
  const resolve = (path: string, from: string): string => {
    const parts = from.split('/').slice(0, -1)
    for (const part of path.split('/')) {
      if (part === '..') parts.pop()
      else if (part !== '.') parts.push(part)
    }
    return parts.join('/')
  }
  return {
    read(path, from) {
      if (path.startsWith('/') && from !== '') return { error: 'it lies outside of the project', outside: true }
      const resolved = resolve(path, from)
      const text = files[resolved]
      return text === undefined ? { error: 'no such file' } : { path: resolved, text }
    },
    glob(pattern, from) {
      const folder = resolve('', from)
      const test = new RegExp(`^${pattern.replace(/[.+^$()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`)
      return Object.keys(files)
        .map((path) => (folder === '' ? path : path.slice(folder.length)))
        .filter((path) => test.test(path))
        .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    },
  }
}
