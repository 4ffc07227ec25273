import 'vitest'

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as vitest declares it
  interface Matchers<T = any> {
    /** All that the scenario claims was true. */
    toHold(): T
    /** A sentence that begins so was false. */
    toBreak(sentence: string): T
  }
}
