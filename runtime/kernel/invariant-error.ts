/** A bug of kscn's own: never caught by a component, reported with exit code 3. Extends nothing but the platform's Error. */
// eslint-disable-next-line no-restricted-syntax -- a thrown value needs a stack, and only Error has one.
export class InvariantError extends Error {
  readonly room: string
  readonly data: Readonly<Record<string, unknown>>

  constructor(room: string, message: string, data: Readonly<Record<string, unknown>> = {}) {
    super(`${room}: ${message}`)
    this.name = 'InvariantError'
    this.room = room
    this.data = data
  }
}
