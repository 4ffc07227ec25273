import type { Command } from 'commander'
import type { ExitCode } from './exit-code.ts'

export interface CommandContext {
  readonly version: string
  /** What the process ends with; called once, when the command is through. */
  readonly finish: (code: ExitCode) => void
}

/** One file a command in cli/commands, one line in cli/main.ts. It imports what it runs when it runs. */
export type AddCommand = (kscn: Command, context: CommandContext) => void
