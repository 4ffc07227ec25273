/** Loads an ES module by its URL. */
export type ImportModule = (url: string) => Promise<unknown>

let given: ImportModule = (url) => import(url)

/** The bundle runs as a script that V8 kept compiled, which cannot import: whoever starts it says how. */
export const setImportModule = (importModule: ImportModule): void => {
  given = importModule
}

export const importModule: ImportModule = (url) => given(url)
