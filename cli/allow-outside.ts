import type { Command } from 'commander'

let allowed = false

/** Whether scenarios may name files outside of their project: said once, on the command line, for the whole process. */
export const outsideAllowed = (): boolean => allowed

/** `--allow-outside` on every command, those that read no scenario too: an alias that adds it must not break them. */
export const addAllowOutside = (kscn: Command): void => {
  for (const command of kscn.commands)
    command.option('--allow-outside', 'let scenarios read files outside of their project')
  kscn.hook('preAction', (_, command) => {
    allowed = command.opts<{ readonly allowOutside?: boolean }>().allowOutside === true
  })
}
