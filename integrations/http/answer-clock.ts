import type { IncomingMessage } from 'node:http'
import { parseGoDuration } from '../../api/durations/go-duration.ts'
import type { HttpResponse } from '../../runtime/apiserver/http-message.ts'
import { failure } from '../../runtime/apiserver/status.ts'
import type { Cluster } from '../../runtime/cluster/cluster.ts'
import { hour } from '../../runtime/kernel/micros.ts'
import type { ClockDriver } from './drive-clock.ts'
import type { Target } from './parse-target.ts'

/** GET tells the time; POST with `?advance=30s` or `?settle` moves a manual clock. Kubernetes has no such path. */
export const clockPath = '/kscn/clock'

const longestSettle = hour
const mostShown = 20

const problem = (code: number, message: string, reason: string): HttpResponse => ({
  code,
  body: failure(code, message, { reason }).response.body,
  warnings: [],
})

interface Handled {
  readonly clock: ClockDriver
  readonly cluster: Cluster
  readonly adminToken: string
}

const show = ({ clock, cluster }: Handled): HttpResponse => {
  const { kernel } = cluster
  return {
    code: 200,
    body: {
      mode: clock.mode,
      time: new Date((kernel.epoch + kernel.now) / 1000).toISOString(),
      sinceStart: `${kernel.now / 1e6}s`,
      settled: kernel.settled,
      pending: kernel
        .pending()
        .slice(0, mostShown)
        .map((timer) => ({ in: `${(timer.at - kernel.now) / 1e6}s`, who: timer.actor.name, what: timer.label })),
    },
    warnings: [],
  }
}

const move = (handled: Handled, target: Target): HttpResponse => {
  const { clock } = handled
  if (clock.mode !== 'manual')
    return problem(
      409,
      `the clock is ${clock.mode}: only that of \`kscn serve --clock manual\` is moved by hand`,
      'Conflict',
    )
  const by = target.query['advance']
  if (typeof by === 'string') {
    const duration = parseGoDuration(by)
    if ('error' in duration) return problem(400, `advance: ${duration.error}; such as 30s or 1h5m`, 'BadRequest')
    const micros = Number(duration.nanos / 1000n)
    if (micros < 0 || micros > 1e6 * 3600 * 24 * 366)
      return problem(400, 'advance: time goes forward only, at most a year at once', 'BadRequest')
    clock.advance(micros)
    return show(handled)
  }
  if (target.query['settle'] === undefined)
    return problem(400, 'say how far: ?advance=30s, or ?settle to wait until nothing is under way', 'BadRequest')
  clock.settle(longestSettle)
  return show(handled)
}

/** The clock of a served cluster, for the bearer of the kubeconfig's token alone. */
export const answerClock = (handled: Handled, request: IncomingMessage, target: Target): HttpResponse => {
  if (request.headers.authorization !== `Bearer ${handled.adminToken}`)
    return problem(403, 'the clock is set by whoever has the token of the written kubeconfig', 'Forbidden')
  switch (request.method) {
    case 'GET':
      return show(handled)
    case 'POST':
      return move(handled, target)
    default:
      return problem(405, `${clockPath} takes GET and POST`, 'MethodNotAllowed')
  }
}
