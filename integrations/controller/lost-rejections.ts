/**
 * A promise of a sandbox that is rejected and that nobody hears. Node would end the process for it; here it is told on the standard
 * error, once for each text: the run that it belongs to may be over.
 */
const worlds = new WeakMap<object, string>()
const told = new Set<string>()
let listening = false

const hear = (reason: unknown, promise: object): void => {
  const world = worlds.get(Object.getPrototypeOf(promise) as object)
  if (world === undefined) throw reason
  const { message } = (typeof reason === 'object' && reason !== null ? reason : {}) as Partial<Error>
  const text = `kscn: controller/${world}: a promise that nobody awaited was rejected: ${message ?? String(reason)}\n`
  if (told.has(text)) return
  told.add(text)
  process.stderr.write(text)
}

/** Takes charge of the promises of a world, known by what they inherit from. */
export const hearLostRejections = (promisePrototype: object, name: string): void => {
  worlds.set(promisePrototype, name)
  if (listening) return
  listening = true
  process.on('unhandledRejection', hear)
}
