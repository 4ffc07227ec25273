/** Recorded data: imported whole, given its type by the one module that reads it. */
declare module '*.json' {
  const value: unknown
  export default value
}
