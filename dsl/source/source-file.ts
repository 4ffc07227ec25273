/** A text as it was read. `path` is the name shown in messages; `-` is standard input. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** How the compiler reads files: given by the command line, so that `dsl` itself touches no disk. */
export interface SourceHost {
  /** The file at `path`, resolved against the folder of `from`; a reason in words if it cannot be read. */
  read(path: string, from: string): SourceFile | { readonly error: string }
  /** Files that a glob names, sorted by path. */
  glob(pattern: string, from: string): readonly string[]
}
