/** A text as it was read. `path` is the name shown in messages; `-` is standard input. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** Why there is no text, in words. */
export interface Unreadable {
  readonly error: string
  /** It was not even looked at: the path leaves the project. */
  readonly outside?: boolean
}

/** How the compiler reads files: given by the command line, so that `dsl` itself touches no disk. */
export interface SourceHost {
  /** The file at `path`, resolved against the folder of `from`; a reason in words if it cannot be read. */
  read(path: string, from: string): SourceFile | Unreadable
  /** Files that a glob names, sorted by path; each is read as if the file itself had named it. */
  glob(pattern: string, from: string): readonly string[]
}
