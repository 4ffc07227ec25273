import type { HttpDoor } from '../../../runtime/apiserver/http-door.ts'
import type { CreateFuzzer, Problem } from '../fuzzer.ts'
import { randomRequest } from './inputs.ts'
import { createFuzzWorld, type FuzzedRequest, type FuzzWorld } from './world.ts'

/** A world remembers what was written to it; after so many requests it starts anew, so that memory stays bounded. */
const worldLife = 400

const plain = (door: HttpDoor): HttpDoor => door

/** The known mistake: a selector with a parenthesis that nobody closes is never answered. */
const forgetful = (door: HttpDoor): HttpDoor => ({
  ...door,
  serve(http, reply) {
    if (http.query['labelSelector'] !== 'a notin (') door.serve(http, reply)
  },
})

/** The text of an input as a request; headers of a broken one are what can be read of them. */
export const readRequest = (input: string): FuzzedRequest => {
  const end = input.indexOf('\n\n')
  const [line = '', ...headers] = (end < 0 ? input : input.slice(0, end)).split('\n')
  const [method = 'GET', url = '/'] = line.split(' ')
  return {
    method,
    url,
    headers: Object.fromEntries(
      headers.map((header) => {
        const colon = header.indexOf(':')
        return [header.slice(0, Math.max(0, colon)).toLowerCase(), header.slice(colon + 1).trim()]
      }),
    ),
    bytes: Buffer.from(end < 0 ? '' : input.slice(end + 2), 'latin1'),
  }
}

const judgeAnswer = (world: FuzzWorld, request: FuzzedRequest): Problem | undefined => {
  const answered = world.send(request)
  if ('missing' in answered) return { kind: 'no answer', detail: answered.missing }
  const { answer, text } = answered
  if (!Number.isInteger(answer.code) || answer.code < 200 || answer.code > 599)
    return { kind: 'no status code', detail: String(answer.code) }
  const body = answer.body as
    { readonly kind?: unknown; readonly code?: unknown; readonly status?: unknown } | undefined
  if (body?.kind === 'Status' && body.status === 'Failure' && body.code !== answer.code)
    return { kind: 'code and body disagree', detail: text }
  if (answer.code >= 400 && answer.body === undefined && (answer.text ?? '') === '' && answer.code !== 401)
    return { kind: 'a refusal without a word', detail: String(answer.code) }
  // A client's mistake is not the server's.
  if (answer.code === 500 && /TypeError|RangeError|undefined|not iterable|is not a function/.test(text))
    return { kind: 'a bug shows', detail: text }
  return undefined
}

/** Requests at the door of an API server: each gets one answer, and what nobody touched is still there. */
export const createHttpFuzzer: CreateFuzzer = (_, planted) => {
  const wrap = planted ? forgetful : plain
  let world = createFuzzWorld(wrap)
  let untouched = world.canary()
  let age = 0
  const reset = (): void => {
    world = createFuzzWorld(wrap)
    untouched = world.canary()
    age = 0
  }
  return {
    input: randomRequest,
    check(input) {
      age += 1
      if (age > worldLife) reset()
      const request = readRequest(input)
      const problem = judgeAnswer(world, request)
      if (problem !== undefined) return problem
      if (/kube-public|namespaces\/?$/.test(request.url) || age % 50 !== 0) return undefined
      const now = world.canary()
      return now === untouched ? undefined : { kind: 'something was lost', detail: now }
    },
    reset,
  }
}
