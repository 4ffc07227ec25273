import { createContext, Script } from 'node:vm'

const idle = (): void => undefined
const slot: { run: () => void } = { run: idle }
const context = createContext(slot)
const script = new Script('run()', { filename: 'kscn:guard' })

/** Whose code runs now. */
const inside: { name: string | undefined } = { name: undefined }

/** Notes whose code it is, while it runs. */
export const codeOf = <A>(name: string, code: () => A): A => {
  const before = inside.name
  inside.name = name
  try {
    return code()
  } finally {
    // Code that is stopped by force runs no `finally`: then the name stands.
    inside.name = before
  }
}

/**
 * Runs code that may contain a loop without an end. Not undefined: it had not come back after `milliseconds`, and was stopped where it
 * stood, in the code of this name. A run that is the same each time stands at the same place each time, however long the machine took to get there.
 */
export const guard = (code: () => void, milliseconds: number): { readonly stuck: string } | undefined => {
  const before = slot.run
  slot.run = code
  try {
    script.runInContext(context, { timeout: milliseconds })
    return undefined
  } catch (error) {
    const stuck = inside.name
    inside.name = undefined
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    if (stuck === undefined) throw new Error('this machine is too slow to tell a long run from one without an end')
    return { stuck }
  } finally {
    slot.run = before
  }
}
