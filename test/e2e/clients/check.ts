import type { Served } from '../served.ts'

/** One thing that a real client does with the server. Throws what it found instead. */
export interface ClientCheck {
  readonly name: string
  run(served: Served): Promise<void>
}

export const expectSame = (what: string, wanted: unknown, found: unknown): void => {
  const [left, right] = [JSON.stringify(wanted), JSON.stringify(found)]
  if (left !== right) throw new Error(`${what}: wanted ${left}, found ${right}`)
}

/** Waits until something holds; says what did not, in words, when it takes too long. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>, seconds = 20): Promise<void> => {
  const deadline = Date.now() + seconds * 1000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`after ${seconds} s not yet: ${what}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}
